import { Button } from '@mantine/core';
import type { AlarmSnapshot, BedView } from '@edge-blueprints/contracts';
import { formatAge, Panel, RequestFault, useNow } from '@edge-blueprints/web-kit';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useFeedPart } from '../feed/feed-context.js';
import { useApi } from '../session/ward-api.js';
import { useAct, useMay } from '../session/ward-session.js';
import { strings } from '../strings.js';
import { PriorityBadge } from '../ward/priority-badge.js';
import { alarmNote } from '../ward/tile-model.js';
import { compareAlarms } from '../ward/urgency.js';
import { ActDialog } from './act-dialog.js';
import styles from './alarms-panel.module.css';

const pauseS = 120;
const shelveMinutes = 30;

type Asked =
  { readonly kind: 'reject' | 'escalate' | 'reset'; readonly alarm: AlarmSnapshot } | { readonly kind: 'shelve' };

interface Props {
  readonly bed: BedView;
  readonly alarms: readonly AlarmSnapshot[];
  readonly className?: string | undefined;
}

/** Every alarm of the bed that is not over, with what this person may do about it. */
export function AlarmsPanel({ bed, alarms, className }: Props): ReactNode {
  const api = useApi();
  const act = useAct();
  const may = useMay();
  const [asked, setAsked] = useState<Asked | null>(null);
  const sorted = [...alarms].sort(compareAlarms);
  return (
    <Panel
      title={strings.alarms.title}
      className={className}
      aside={
        <>
          {may('pause-audio') && (
            <Button
              variant="default"
              size="sm"
              onClick={() => void act.run(() => api.act({ act: 'pause-audio', subject: bed.bed, seconds: pauseS }))}
            >
              {strings.acts.pause(pauseS)}
            </Button>
          )}
          {bed.shelved === null
            ? may('shelve') && (
                <Button variant="default" size="sm" onClick={() => setAsked({ kind: 'shelve' })}>
                  {strings.acts.shelve}
                </Button>
              )
            : may('unshelve') && (
                <Button
                  variant="default"
                  size="sm"
                  onClick={() => void act.run(() => api.act({ act: 'unshelve', subject: bed.bed }))}
                >
                  {strings.acts.unshelve}
                </Button>
              )}
        </>
      }
    >
      {act.fault !== null && <RequestFault error={act.fault} />}
      {sorted.length === 0 && <p className={styles.none}>{strings.alarms.none}</p>}
      <ul className={styles.list}>
        {sorted.map((alarm) => (
          <AlarmRow key={alarm.alarmId} alarm={alarm} onAsk={(kind) => setAsked({ kind, alarm })} act={act} />
        ))}
      </ul>
      {asked !== null && <Asking asked={asked} bed={bed} onClose={() => setAsked(null)} />}
    </Panel>
  );
}

interface RowProps {
  readonly alarm: AlarmSnapshot;
  readonly act: ReturnType<typeof useAct>;
  onAsk(kind: 'reject' | 'escalate' | 'reset'): void;
}

function AlarmRow({ alarm, act, onAsk }: RowProps): ReactNode {
  const api = useApi();
  const may = useMay();
  const nowMs = useFeedPart(({ view }) => view?.nowMs ?? 0);
  const receivedAt = useFeedPart((state) => state.receivedAtMs ?? 0);
  const at = nowMs + Math.max(0, useNow() - receivedAt);
  const { alarmId, phase, responsibility } = alarm;
  const paused = alarm.audioPausedUntilMs !== undefined && alarm.audioPausedUntilMs > at;
  const next = alarm.nextEscalationMs;
  const notes = [
    alarmNote(alarm),
    paused ? strings.alarm.paused(formatAge((alarm.audioPausedUntilMs ?? at) - at)) : '',
    next !== undefined && next > at ? strings.alarm.escalates(formatAge(next - at)) : '',
    responsibility === 'offered' && alarm.owner !== undefined ? strings.alarm.offered(alarm.owner) : '',
  ];
  return (
    <li className={styles.alarm} data-priority={alarm.priority}>
      <PriorityBadge priority={alarm.priority} technical={alarm.type === 'ST'} />
      <div className={styles.what}>
        <p>
          <strong>{strings.conditions[alarm.condition]}</strong> {alarm.text}
        </p>
        <p className={styles.soft}>
          {[strings.primary.since(formatAge(at - alarm.onsetMs)), ...notes].filter(Boolean).join(' · ')}
        </p>
      </div>
      <div className={styles.acts}>
        {may('acknowledge') && phase !== 'acknowledged' && (
          <Button
            size="sm"
            loading={act.busy}
            onClick={() => void act.run(() => api.act({ act: 'acknowledge', alarmId }))}
          >
            {strings.acts.acknowledge}
          </Button>
        )}
        {may('accept') && responsibility !== 'accepted' && (
          <Button variant="default" size="sm" onClick={() => void act.run(() => api.act({ act: 'accept', alarmId }))}>
            {strings.acts.accept}
          </Button>
        )}
        {may('reject') && responsibility === 'offered' && (
          <Button variant="default" size="sm" onClick={() => onAsk('reject')}>
            {strings.acts.reject}
          </Button>
        )}
        {may('escalate') && (
          <Button variant="default" size="sm" onClick={() => onAsk('escalate')}>
            {strings.acts.escalate}
          </Button>
        )}
        {may('reset') && (phase === 'latched' || alarm.signalLost || alarm.type === 'SA') && (
          <Button variant="default" size="sm" onClick={() => onAsk('reset')}>
            {strings.acts.reset}
          </Button>
        )}
      </div>
    </li>
  );
}

function Asking({ asked, bed, onClose }: { readonly asked: Asked; readonly bed: BedView; onClose(): void }): ReactNode {
  const api = useApi();
  const words = strings.acts.dialogs[asked.kind];
  return (
    <ActDialog
      title={words.title(bed.label)}
      consequences={words.consequences}
      submit={words.submit}
      choice={
        asked.kind === 'shelve'
          ? {
              label: strings.acts.why,
              options: [
                { value: 'off-ward', label: strings.acts.offWard },
                { value: 'procedure', label: strings.acts.procedure },
              ],
            }
          : undefined
      }
      perform={(reason, chosen) =>
        asked.kind === 'shelve'
          ? api.act({
              act: 'shelve',
              subject: bed.bed,
              why: chosen === 'procedure' ? 'procedure' : 'off-ward',
              minutes: shelveMinutes,
              reason,
            })
          : api.act({ act: asked.kind, alarmId: asked.alarm.alarmId, reason })
      }
      onClose={onClose}
    />
  );
}
