import { Button } from '@mantine/core';
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
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useApi } from '../session/session-context.js';
import { strings } from '../strings.js';

interface Props {
  readonly site: string;
  readonly device: string;
  readonly opened: boolean;
  onClose(done: boolean): void;
}

const text = strings.device;

export function RevokeDialog({ site, device, opened, onClose }: Props): ReactNode {
  const api = useApi();
  const [reason, setReason] = useState('');
  const [fault, setFault] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const confirm = (): void => {
    setBusy(true);
    setFault(null);
    api
      .revoke(site, device, reason.trim())
      .then(() => onClose(true))
      .catch((error: unknown) => setFault(asApiError(error)))
      .finally(() => setBusy(false));
  };
  return (
    <Dialog opened={opened} onClose={() => onClose(false)} title={text.revokeTitle(`${site}/${device}`)}>
      <div className={formStyles.stack}>
        <Consequences lines={text.revokeConsequences} />
        <ReasonInput label={text.revokeReason} hint={text.revokeHint} value={reason} onChange={setReason} />
        {fault !== null && <RequestFault error={fault} />}
        <div className={formStyles.buttons}>
          <Button variant="default" onClick={() => onClose(false)}>
            {strings.dialog.cancel}
          </Button>
          <Button disabled={!isReason(reason)} loading={busy} onClick={confirm}>
            {text.revokeConfirm}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
