import { Button, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { asApiError, Dialog, formStyles } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';
import { useApi } from './api-context.js';

interface Props {
  readonly opened: boolean;
  onSettled(signedIn: boolean): void;
}

export function SignInDialog({ opened, onSettled }: Props): ReactNode {
  const api = useApi();
  const [pin, setPin] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const close = (signedIn: boolean): void => {
    setPin('');
    setFault(null);
    onSettled(signedIn);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setBusy(true);
    api
      .signIn(pin)
      .then(() => close(true))
      .catch((error: unknown) => {
        setPin('');
        setFault(asApiError(error).message);
      })
      .finally(() => setBusy(false));
  };

  return (
    <Dialog opened={opened} onClose={() => close(false)} title={strings.signIn.title} above>
      <form onSubmit={submit} className={formStyles.stack}>
        <p className={formStyles.soft}>{strings.signIn.why}</p>
        <PasswordInput
          label={strings.signIn.pin}
          value={pin}
          onChange={(event) => setPin(event.currentTarget.value)}
          inputMode="numeric"
          autoComplete="off"
          data-autofocus
          error={fault}
          required
        />
        <div className={formStyles.buttons}>
          <Button variant="default" onClick={() => close(false)}>
            {strings.signIn.cancel}
          </Button>
          <Button type="submit" loading={busy} disabled={pin === ''}>
            {strings.signIn.submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
