import { Button } from '@mantine/core';
import type { ThresholdView } from '@edge-blueprints/contracts';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { formatScore } from '../format.js';
import { useApi } from '../session/api-context.js';
import { Consequences } from '../session/consequences.js';
import styles from '../session/dialog.module.css';
import { RequestFault } from '../session/request-fault.js';
import { useSession } from '../session/session-provider.js';
import type { ApiError } from '../session/station-api.js';
import { asApiError } from '../session/use-request.js';
import { Dialog } from '../shell/dialog.js';
import { strings } from '../strings.js';

interface Props {
  readonly opened: boolean;
  readonly current: ThresholdView;
  readonly candidate: number;
  readonly reason: string;
  onClose(moved: boolean): void;
}

export function MoveDialog({ opened, current, candidate, reason, onClose }: Props): ReactNode {
  const api = useApi();
  const session = useSession();
  const [fault, setFault] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const text = strings.thresholds;
  const confirm = (): void => {
    setBusy(true);
    setFault(null);
    session
      .act(() => api.setThreshold(current.classIndex, candidate, reason.trim()))
      .then((done) => done && onClose(true))
      .catch((error: unknown) => setFault(asApiError(error)))
      .finally(() => setBusy(false));
  };
  return (
    <Dialog opened={opened} onClose={() => onClose(false)} title={text.confirmTitle}>
      <div className={styles.stack}>
        <p className={styles.change}>
          {text.confirmChange(current.label, formatScore(current.threshold), formatScore(candidate))}
        </p>
        <p className={styles.soft}>{reason}</p>
        <Consequences lines={text.consequences} />
        {fault !== null && <RequestFault error={fault} />}
        <div className={styles.buttons}>
          <Button variant="default" onClick={() => onClose(false)}>
            {text.cancel}
          </Button>
          <Button loading={busy} onClick={confirm}>
            {text.confirm}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
