import { Button, PasswordInput } from '@mantine/core';
import { asApiError, Consequences, Dialog, formStyles, RequestFault } from '@edge-blueprints/web-kit';
import type { ApiError } from '@edge-blueprints/web-kit';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { strings } from '../strings.js';
import styles from './account-dialog.module.css';
import { leastPassword } from './password-length.js';
import { useApi, useSession } from './session-context.js';

const text = strings.account;

/** Who is signed in, a new password of one's own, and the way out. */
export function AccountDialog({ onClose }: { onClose(): void }): ReactNode {
  const api = useApi();
  const session = useSession();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [fault, setFault] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const differ = again !== '' && next !== again;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setBusy(true);
    setFault(null);
    api
      .changePassword(current, next)
      // The hub has ended every session of this user; the page goes back to its door.
      .then(() => session.signOut())
      .catch((error: unknown) => setFault(asApiError(error)))
      .finally(() => setBusy(false));
  };
  return (
    <Dialog opened onClose={onClose} title={text.title(session.name)}>
      <div className={formStyles.stack}>
        <div className={styles.who}>
          <p>{text.role(strings.roles[session.role])}</p>
          <Button variant="default" onClick={() => void session.signOut().catch(() => undefined)}>
            {strings.shell.signOut}
          </Button>
        </div>
        <form onSubmit={submit} className={formStyles.stack}>
          <PasswordInput
            label={text.current}
            value={current}
            autoComplete="current-password"
            data-autofocus
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
          <PasswordInput
            label={text.next}
            description={strings.users.passwordHint}
            value={next}
            autoComplete="new-password"
            onChange={(event) => setNext(event.currentTarget.value)}
          />
          <PasswordInput
            label={text.again}
            value={again}
            autoComplete="new-password"
            error={differ ? text.differ : undefined}
            onChange={(event) => setAgain(event.currentTarget.value)}
          />
          <Consequences lines={text.consequences} />
          {fault !== null && <RequestFault error={fault} />}
          <div className={formStyles.buttons}>
            <Button variant="default" onClick={onClose}>
              {strings.dialog.cancel}
            </Button>
            <Button
              type="submit"
              loading={busy}
              disabled={current === '' || next.length < leastPassword || next !== again}
            >
              {text.change}
            </Button>
          </div>
        </form>
      </div>
    </Dialog>
  );
}
