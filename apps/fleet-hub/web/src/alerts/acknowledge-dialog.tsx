import { Button } from '@mantine/core';
import {
  asApiError,
  Consequences,
  Dialog,
  formStyles,
  isReason,
  ReasonInput,
  RequestFault,
  withLocalTimes,
} from '@edge-blueprints/web-kit';
import type { ApiError } from '@edge-blueprints/web-kit';
import type { AlertView } from '@edge-blueprints/contracts';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useApi } from '../session/session-context.js';
import { strings } from '../strings.js';
import { alertPlace } from './announced-alerts.js';

interface Props {
  readonly alert: AlertView;
  onClose(done: boolean): void;
}

const text = strings.alerts;

export function AcknowledgeDialog({ alert, onClose }: Props): ReactNode {
  const api = useApi();
  const [note, setNote] = useState('');
  const [fault, setFault] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const confirm = (): void => {
    setBusy(true);
    setFault(null);
    api
      .acknowledge(alert.id, note.trim())
      .then(() => onClose(true))
      .catch((error: unknown) => setFault(asApiError(error)))
      .finally(() => setBusy(false));
  };
  return (
    <Dialog opened onClose={() => onClose(false)} title={text.dialog(text.kinds[alert.kind], alertPlace(alert))}>
      <div className={formStyles.stack}>
        <p className={formStyles.soft}>{withLocalTimes(alert.text)}</p>
        <ReasonInput label={text.note} hint={text.noteHint} value={note} onChange={setNote} />
        <Consequences lines={text.consequences} />
        {fault !== null && <RequestFault error={fault} />}
        <div className={formStyles.buttons}>
          <Button variant="default" onClick={() => onClose(false)}>
            {strings.dialog.cancel}
          </Button>
          <Button disabled={!isReason(note)} loading={busy} onClick={confirm}>
            {text.acknowledge}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
