import { Button } from '@mantine/core';
import type { WardRight } from '@edge-blueprints/contracts';
import { Panel, useSession } from '@edge-blueprints/web-kit';
import type { ReactNode } from 'react';
import { strings } from '../strings.js';
import { usePerson } from './ward-session.js';

/** Pages that hold more than the display of the ward. */
export function SignInFirst({
  right,
  children,
}: {
  readonly right: WardRight;
  readonly children: ReactNode;
}): ReactNode {
  const person = usePerson();
  const session = useSession();
  if (person !== null && person.may.includes(right)) return children;
  return (
    <Panel title={strings.signIn.needed}>
      <h1 className="hidden-text">{strings.signIn.needed}</h1>
      {person === null ? (
        <Button onClick={() => void session.signIn()}>{strings.shell.signIn}</Button>
      ) : (
        <p>{strings.signIn.notYours(person.role)}</p>
      )}
    </Panel>
  );
}
