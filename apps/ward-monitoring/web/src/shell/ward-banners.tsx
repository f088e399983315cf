import { ConnectionLost, formatAge, useNow } from '@edge-blueprints/web-kit';
import type { ReactNode } from 'react';
import { useAlarms, useFeedPart } from '../feed/feed-context.js';
import { strings } from '../strings.js';
import styles from './ward-banners.module.css';

/** The station says by itself that nobody watches through it any more. It stands above everything. */
export function MonitoringLost(): ReactNode {
  const beatMs = useFeedPart((state) => state.beatMs);
  const now = useNow();
  const word = strings.lost;
  return (
    <div role="alert">
      <ConnectionLost
        label={word.title}
        title={word.title}
        detail={beatMs === null ? word.never : word.since(formatAge(now - beatMs))}
      />
    </div>
  );
}

/** What is true of the whole ward and its gateway; nothing is shown while nothing is wrong. */
export function WardBanners(): ReactNode {
  const gateway = useFeedPart(({ view }) => view?.gateway ?? null);
  const flood = useFeedPart(({ view }) => view?.flood ?? false);
  const missed = useFeedPart((state) => state.missed);
  const alarms = useAlarms();
  if (gateway === null) return null;
  const lines = [
    ...(flood ? [strings.flood(alarms.length, alarms.filter(({ priority }) => priority === 'PH').length)] : []),
    ...(gateway.auditFailed ? [strings.gateway.auditFailed] : []),
    ...(gateway.brokerLost ? [strings.gateway.brokerLost] : []),
    ...(gateway.clockSynced ? [] : [strings.gateway.clock]),
    ...(missed > 0 ? [strings.gateway.missed(missed)] : []),
  ];
  if (lines.length === 0) return null;
  return (
    <section className={styles.banners} aria-label={strings.gateway.label}>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </section>
  );
}
