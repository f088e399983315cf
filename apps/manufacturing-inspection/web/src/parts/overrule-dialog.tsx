import { Button, SegmentedControl } from '@mantine/core';
import type { PartRecord } from '@edge-blueprints/contracts';
import { useState } from 'react';
import type { ReactNode } from 'react';
import {
  asApiError,
  Consequences,
  Dialog,
  formStyles,
  isReason,
  ReasonInput,
  RequestFault,
} from '@edge-blueprints/web-kit';
import type { ApiError } from '@edge-blueprints/web-kit';
import { useApi } from '../session/api-context.js';
import { useSession } from '../session/session-provider.js';
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
      <div className={formStyles.stack}>
        <p className={formStyles.soft}>
          {strings.part.machine(`${strings.verdict[record.verdict]}, ${record.reason}`)}
        </p>
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
        <div className={formStyles.buttons}>
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
