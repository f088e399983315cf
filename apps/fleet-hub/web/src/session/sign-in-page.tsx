import { Button, PasswordInput, TextInput } from '@mantine/core';
import type { HubSessionView } from '@edge-blueprints/contracts';
import { asApiError, formStyles } from '@edge-blueprints/web-kit';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { strings } from '../strings.js';
import { useApi } from './session-context.js';
import styles from './sign-in-page.module.css';

interface Props {
  readonly secure: boolean;
  onSignedIn(session: HubSessionView): void;
}

export function SignInPage({ secure, onSignedIn }: Props): ReactNode {
  const api = useApi();
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setBusy(true);
    setFault(null);
    api
      .signIn(user.trim(), password)
      .then(onSignedIn)
      .catch((error: unknown) => {
        setPassword('');
        setFault(asApiError(error).message);
      })
      .finally(() => setBusy(false));
  };
  return (
    <main className={styles.page} data-page="sign-in">
      <div className={styles.card}>
        <h1>{strings.product}</h1>
        <form onSubmit={submit} className={formStyles.stack}>
          <TextInput
            label={strings.signIn.user}
            value={user}
            onChange={(event) => setUser(event.currentTarget.value)}
            autoComplete="username"
            autoFocus
            required
          />
          <PasswordInput
            label={strings.signIn.password}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="current-password"
            error={fault}
            required
          />
          <Button type="submit" loading={busy} disabled={user.trim() === '' || password === ''}>
            {strings.signIn.submit}
          </Button>
          {!secure && <p className={styles.plain}>{strings.shell.plainDetail}</p>}
        </form>
      </div>
    </main>
  );
}
