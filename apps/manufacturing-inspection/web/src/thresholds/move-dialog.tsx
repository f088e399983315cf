import { Button } from '@mantine/core';
import type { ThresholdView } from '@edge-blueprints/contracts';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { asApiError, Consequences, Dialog, formatScore, formStyles, RequestFault } from '@edge-blueprints/web-kit';
import type { ApiError } from '@edge-blueprints/web-kit';
import { useApi } from '../session/api-context.js';
import { useSession } from '../session/session-provider.js';
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
      <div className={formStyles.stack}>
        <p className={formStyles.change}>
          {text.confirmChange(current.label, formatScore(current.threshold), formatScore(candidate))}
        </p>
        <p className={formStyles.soft}>{reason}</p>
        <Consequences lines={text.consequences} />
        {fault !== null && <RequestFault error={fault} />}
        <div className={formStyles.buttons}>
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
