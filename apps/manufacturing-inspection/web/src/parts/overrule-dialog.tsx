import { Button, SegmentedControl } from '@mantine/core';
import type { PartRecord } from '@edge-blueprints/contracts';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useApi } from '../session/api-context.js';
import { Consequences } from '../session/consequences.js';
import styles from '../session/dialog.module.css';
import { ReasonInput } from '../session/reason-input.js';
import { isReason } from '../session/reason.js';
import { RequestFault } from '../session/request-fault.js';
import { useSession } from '../session/session-provider.js';
import type { ApiError } from '../session/station-api.js';
import { asApiError } from '../session/use-request.js';
import { Dialog } from '../shell/dialog.js';
import { strings } from '../strings.js';

interface Props {
  readonly record: PartRecord;
  readonly opened: boolean;
  onClose(done: boolean): void;
}

export function OverruleDialog({ record, opened, onClose }: Props): ReactNode {
  const api = useApi();
  const session = useSession();
  const [verdict, setVerdict] = useState<'pass' | 'reject'>(record.verdict === 'pass' ? 'reject' : 'pass');
  const [reason, setReason] = useState('');
  const [fault, setFault] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const text = strings.overrule;

  const confirm = (): void => {
    setBusy(true);
    setFault(null);
    session
      .act(() => api.overrule(record.resultId, verdict, reason.trim()))
      .then((done) => done && onClose(true))
      .catch((error: unknown) => setFault(asApiError(error)))
      .finally(() => setBusy(false));
  };

  return (
    <Dialog opened={opened} onClose={() => onClose(false)} title={text.title(record.partId)}>
      <div className={styles.stack}>
        <p className={styles.soft}>{strings.part.machine(`${strings.verdict[record.verdict]}, ${record.reason}`)}</p>
        <SegmentedControl
          aria-label={text.verdict}
          value={verdict}
          onChange={(value) => setVerdict(value === 'pass' ? 'pass' : 'reject')}
          data={[
            { value: 'pass', label: strings.verdict.pass },
            { value: 'reject', label: strings.verdict.reject },
          ]}
          size="md"
        />
        <ReasonInput label={text.reason} hint={text.reasonHint} value={reason} onChange={setReason} />
        <Consequences lines={text.consequences} />
        {fault !== null && <RequestFault error={fault} />}
        <div className={styles.buttons}>
          <Button variant="default" onClick={() => onClose(false)}>
            {text.cancel}
          </Button>
          <Button disabled={!isReason(reason)} loading={busy} onClick={confirm}>
            {text.confirm(strings.verdict[verdict].toLowerCase())}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
