import { Button, TextInput } from '@mantine/core';
import type { BedView } from '@edge-blueprints/contracts';
import { Facts, Panel, RequestFault } from '@edge-blueprints/web-kit';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useApi } from '../session/ward-api.js';
import type { LimitsView } from '../session/ward-api.js';
import { useAct, useMay } from '../session/ward-session.js';
import { strings } from '../strings.js';
import { ActDialog } from './act-dialog.js';
import { LimitsDialog } from './limits-dialog.js';
import styles from './device-panel.module.css';

const text = strings.device;

interface Props {
  readonly bed: BedView;
  readonly className?: string | undefined;
}

/** Which wearable belongs to the bed and which scale counts: two decisions that are recorded with a reason. */
export function DevicePanel({ bed, className }: Props): ReactNode {
  const api = useApi();
  const may = useMay();
  const act = useAct();
  const [limits, setLimits] = useState<LimitsView | null>(null);
  const [device, setDevice] = useState('');
  const [asked, setAsked] = useState<'attach' | 'detach' | 'scale' | null>(null);
  const scale = bed.score?.scale ?? 1;
  const other = scale === 1 ? 2 : 1;
  const words = asked === null ? null : text.dialogs[asked];
  return (
    <Panel title={text.title} className={className}>
      <Facts
        rows={[
          { name: text.device, value: bed.device ?? text.none },
          { name: text.battery, value: bed.battery === null ? strings.none : `${bed.battery} %` },
          { name: text.lead, value: bed.lead === null ? strings.none : text.leads[bed.lead] },
          { name: text.scale, value: strings.score.scale(scale) },
          { name: strings.limits.fact, value: bed.ownLimits?.join(', ') ?? strings.limits.same },
        ]}
      />
      {may('association') && (
        <div className={styles.acts}>
          {bed.device === null ? (
            <>
              <TextInput
                label={text.id}
                value={device}
                maxLength={40}
                onChange={(event) => setDevice(event.currentTarget.value)}
              />
              <Button variant="default" disabled={device.trim() === ''} onClick={() => setAsked('attach')}>
                {text.attach}
              </Button>
            </>
          ) : (
            <Button variant="default" onClick={() => setAsked('detach')}>
              {text.detach}
            </Button>
          )}
        </div>
      )}
      {may('scale') && bed.score !== null && (
        <div className={styles.acts}>
          <Button variant="default" onClick={() => setAsked('scale')}>
            {text.setScale(other)}
          </Button>
        </div>
      )}
      {may('limits') && (
        <div className={styles.acts}>
          <Button
            variant="default"
            loading={act.busy}
            onClick={() => void act.run(async () => setLimits(await api.limits(bed.bed)))}
          >
            {strings.limits.change}
          </Button>
          {act.fault !== null && <RequestFault error={act.fault} />}
        </div>
      )}
      {limits !== null && <LimitsDialog label={bed.label} limits={limits} onClose={() => setLimits(null)} />}
      {asked !== null && words !== null && (
        <ActDialog
          title={words.title(bed.label)}
          consequences={words.consequences}
          submit={words.submit}
          perform={(reason) =>
            asked === 'scale'
              ? api.setScale(bed.bed, other, reason)
              : api.associate(bed.bed, asked === 'attach' ? device.trim() : null, reason)
          }
          onClose={() => setAsked(null)}
        />
      )}
    </Panel>
  );
}
