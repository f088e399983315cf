import { Button } from '@mantine/core';
import { formatAge, useNow } from '@edge-blueprints/web-kit';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { useAlarms, useFeedPart } from '../feed/feed-context.js';
import { useAct, useMay } from '../session/ward-session.js';
import { useApi } from '../session/ward-api.js';
import { strings } from '../strings.js';
import { PriorityBadge } from '../ward/priority-badge.js';
import { alarmNote } from '../ward/tile-model.js';
import { isCalling, primaryAlarm } from '../ward/urgency.js';
import styles from './primary-alarm.module.css';
import { routeHref } from './route.js';

/** The one thing to act on, in the same place and height in every view and state. */
export function PrimaryAlarm({ wall }: { readonly wall: boolean }): ReactNode {
  const alarms = useAlarms();
  const beds = useFeedPart(({ view }) => view?.beds);
  const clock = useFeedPart((state) => state.receivedAtMs);
  const viewMs = useFeedPart(({ view }) => view?.nowMs ?? null);
  const now = useNow();
  const may = useMay();
  const api = useApi();
  const act = useAct();
  const top = useMemo(() => primaryAlarm(alarms), [alarms]);
  const counts = (['PH', 'PM', 'PL'] as const).map((priority) => ({
    priority,
    count: alarms.filter((alarm) => alarm.priority === priority).length,
  }));
  if (top === undefined || viewMs === null || clock === null)
    return (
      <section className={styles.bar} aria-label={strings.primary.label} data-wall={wall || undefined}>
        <p className={styles.calm}>{viewMs === null ? strings.primary.waiting : strings.primary.none}</p>
      </section>
    );
  const bed = beds?.find((each) => each.bed === top.subject || `device/${each.device ?? ''}` === top.subject);
  const sinceMs = viewMs + Math.max(0, now - clock) - top.onsetMs;
  return (
    <section
      className={styles.bar}
      aria-label={strings.primary.label}
      data-priority={top.priority}
      data-calling={isCalling(top) || undefined}
      data-wall={wall || undefined}
    >
      <PriorityBadge priority={top.priority} technical={top.type === 'ST'} size="large" />
      <p className={styles.bed}>{bed?.label ?? strings.subject(top.subject)}</p>
      <div className={styles.what}>
        <p className={styles.title}>{strings.conditions[top.condition]}</p>
        <p className={styles.text}>{top.text}</p>
      </div>
      <div className={styles.since}>
        <p>{strings.primary.since(formatAge(sinceMs))}</p>
        <p className={styles.owner}>{alarmNote(top, !wall) || strings.primary.nobody}</p>
      </div>
      <p className={styles.counts}>
        {counts.map(({ priority, count }) => (
          <span key={priority}>
            {strings.stars[priority]} {count}
            <span className="hidden-text"> {strings.priorities[priority]}</span>
          </span>
        ))}
      </p>
      {!wall && (
        <div className={styles.acts}>
          {act.fault !== null && (
            <p role="alert" className={styles.fault}>
              {act.fault.message}
            </p>
          )}
          {may('acknowledge') && top.phase !== 'acknowledged' && (
            <Button
              loading={act.busy}
              onClick={() => void act.run(() => api.act({ act: 'acknowledge', alarmId: top.alarmId }))}
            >
              {strings.acts.acknowledge}
            </Button>
          )}
          {bed !== undefined && (
            <a className={styles.open} href={routeHref({ page: 'bed', bed: bed.bed })}>
              {strings.primary.open}
            </a>
          )}
        </div>
      )}
    </section>
  );
}
