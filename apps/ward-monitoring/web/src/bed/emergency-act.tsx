import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useApi } from '../session/ward-api.js';
import { usePerson, useRefreshPerson } from '../session/ward-session.js';
import { strings } from '../strings.js';
import { ActDialog } from './act-dialog.js';

const text = strings.emergency;

/** A physician's rights for fifteen minutes, for somebody who has fewer; every station shows it, and somebody reviews it. */
export function EmergencyAct(): ReactNode {
  const api = useApi();
  const person = usePerson();
  const refresh = useRefreshPerson();
  const [asked, setAsked] = useState(false);
  if (person === null || person.may.includes('scale')) return null;
  return (
    <>
      <Button variant="default" size="sm" onClick={() => setAsked(true)}>
        {text.ask}
      </Button>
      {asked && (
        <ActDialog
          title={text.title}
          consequences={text.consequences}
          submit={text.submit}
          perform={async (reason) => {
            await api.breakGlass(reason);
            await refresh();
          }}
          onClose={() => setAsked(false)}
        />
      )}
    </>
  );
}
