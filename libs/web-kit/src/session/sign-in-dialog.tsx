import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { Dialog } from '../shell/dialog.js';
import { asApiError } from './api-error.js';
import formStyles from './form.module.css';

export interface SignInWords {
  readonly title: string;
  readonly why: string;
  /** Label of the name, on pages where each person signs in; absent where one PIN serves all. */
  readonly name?: string;
  readonly pin: string;
  readonly submit: string;
  readonly cancel: string;
}

interface Props {
  readonly opened: boolean;
  readonly words: SignInWords;
  signIn(pin: string, name: string): Promise<void>;
  onSettled(signedIn: boolean): void;
}

export function SignInDialog({ opened, words, signIn, onSettled }: Props): ReactNode {
  const [name, setName] = useState('');
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
    signIn(pin, name.trim())
      .then(() => close(true))
      .catch((error: unknown) => {
        setPin('');
        setFault(asApiError(error).message);
      })
      .finally(() => setBusy(false));
  };

  return (
    <Dialog opened={opened} onClose={() => close(false)} title={words.title} above>
      <form onSubmit={submit} className={formStyles.stack}>
        <p className={formStyles.soft}>{words.why}</p>
        {words.name !== undefined && (
          <TextInput
            label={words.name}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            autoComplete="username"
            data-autofocus
            required
          />
        )}
        <PasswordInput
          label={words.pin}
          value={pin}
          onChange={(event) => setPin(event.currentTarget.value)}
          inputMode="numeric"
          autoComplete="off"
          {...(words.name === undefined ? { 'data-autofocus': true } : {})}
          error={fault}
          required
        />
        <div className={formStyles.buttons}>
          <Button variant="default" onClick={() => close(false)}>
            {words.cancel}
          </Button>
          <Button
            type="submit"
            loading={busy}
            disabled={pin === '' || (words.name !== undefined && name.trim() === '')}
          >
            {words.submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
