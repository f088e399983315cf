import { Button, NativeSelect, PasswordInput, Skeleton, TextInput } from '@mantine/core';
import type { HubRole, HubUserView } from '@edge-blueprints/contracts';
import {
  asApiError,
  Dialog,
  formatDateTime,
  formStyles,
  Panel,
  RequestFault,
  useRequest,
  tableStyles as tables,
} from '@edge-blueprints/web-kit';
import type { ApiError } from '@edge-blueprints/web-kit';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { leastPassword } from '../session/password-length.js';
import { useApi, useSession } from '../session/session-context.js';
import { strings } from '../strings.js';
import styles from './users-view.module.css';

const text = strings.users;
const roles = ['viewer', 'operator', 'admin'] as const satisfies HubRole[];
const roleData = roles.map((role) => ({ value: role, label: strings.roles[role] }));

export function UsersView(): ReactNode {
  const session = useSession();
  if (!session.may('admin')) return <p className={tables.empty}>{text.noRight}</p>;
  return <UserList />;
}

function UserList(): ReactNode {
  const api = useApi();
  const { request, reload } = useRequest('users', () => api.users());
  const [resetting, setResetting] = useState<string | null>(null);
  const [fault, setFault] = useState<ApiError | null>(null);
  const act = (work: Promise<void>): void => {
    setFault(null);
    work.then(reload, (error: unknown) => setFault(asApiError(error)));
  };
  return (
    <div className={styles.view}>
      <h1 className="hidden-text">{text.title}</h1>
      <Panel title={text.title}>
        {fault !== null && <RequestFault error={fault} />}
        {request.state === 'failed' && <RequestFault error={request.error} onRetry={reload} />}
        {request.state === 'loading' && <Skeleton height={200} />}
        {request.state === 'done' && (
          <div className={tables.scroll} tabIndex={0} role="group" aria-label={text.title}>
            <table className={`${tables.table} ${styles.table}`}>
              <thead>
                <tr>
                  {[text.name, text.role, text.lastSignIn, text.created, text.state].map((name) => (
                    <th key={name}>{name}</th>
                  ))}
                  <th>
                    <span className="hidden-text">{text.acts}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {request.value.map((user) => (
                  <UserRow
                    key={user.name}
                    user={user}
                    onRole={(role) => act(api.changeUser(user.name, { role }))}
                    onDisabled={(disabled) => act(api.changeUser(user.name, { disabled }))}
                    onReset={() => setResetting(user.name)}
                  />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Panel>
      <AddUser onAdded={reload} />
      {resetting !== null && <ResetDialog name={resetting} onClose={() => setResetting(null)} />}
    </div>
  );
}

interface RowProps {
  readonly user: HubUserView;
  onRole(role: HubRole): void;
  onDisabled(disabled: boolean): void;
  onReset(): void;
}

function UserRow({ user, onRole, onDisabled, onReset }: RowProps): ReactNode {
  return (
    <tr>
      <th scope="row">{user.name}</th>
      <td>
        <NativeSelect
          aria-label={text.roleOf(user.name)}
          value={user.role}
          data={roleData}
          onChange={(event) => onRole(roleOf(event.currentTarget.value))}
        />
      </td>
      <td>{user.lastSignInAt === null ? text.never : formatDateTime(user.lastSignInAt)}</td>
      <td>{formatDateTime(user.createdAt)}</td>
      <td>{user.disabled ? text.disabled : text.enabled}</td>
      <td className={styles.acts}>
        <Button variant="default" size="sm" onClick={onReset}>
          {text.reset}
        </Button>
        <Button variant="default" size="sm" onClick={() => onDisabled(!user.disabled)}>
          {user.disabled ? text.enable : text.disable}
        </Button>
      </td>
    </tr>
  );
}

function AddUser({ onAdded }: { onAdded(): void }): ReactNode {
  const api = useApi();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<HubRole>('viewer');
  const [fault, setFault] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setBusy(true);
    setFault(null);
    api
      .addUser(name.trim(), password, role)
      .then(() => {
        setName('');
        onAdded();
      })
      .catch((error: unknown) => setFault(asApiError(error)))
      .finally(() => {
        setPassword('');
        setBusy(false);
      });
  };
  return (
    <Panel title={text.add}>
      <form onSubmit={submit} className={formStyles.stack}>
        <TextInput
          label={text.name}
          value={name}
          maxLength={64}
          autoComplete="off"
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label={text.password}
          description={text.passwordHint}
          value={password}
          autoComplete="new-password"
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <NativeSelect
          label={text.role}
          description={text.rolesDetail}
          value={role}
          data={roleData}
          onChange={(event) => setRole(roleOf(event.currentTarget.value))}
        />
        {fault !== null && <RequestFault error={fault} />}
        <div className={formStyles.buttons}>
          <Button type="submit" loading={busy} disabled={name.trim() === '' || password.length < leastPassword}>
            {text.add}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function ResetDialog({ name, onClose }: { readonly name: string; onClose(): void }): ReactNode {
  const api = useApi();
  const [password, setPassword] = useState('');
  const [fault, setFault] = useState<ApiError | null>(null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setFault(null);
    api.changeUser(name, { password }).then(onClose, (error: unknown) => setFault(asApiError(error)));
  };
  return (
    <Dialog opened onClose={onClose} title={text.dialog(name)}>
      <form onSubmit={submit} className={formStyles.stack}>
        <PasswordInput
          label={text.newPassword}
          description={text.passwordHint}
          value={password}
          autoComplete="new-password"
          data-autofocus
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {fault !== null && <RequestFault error={fault} />}
        <div className={formStyles.buttons}>
          <Button variant="default" onClick={onClose}>
            {text.cancel}
          </Button>
          <Button type="submit" disabled={password.length < leastPassword}>
            {text.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function roleOf(value: string): HubRole {
  return roles.find((role) => role === value) ?? 'viewer';
}
