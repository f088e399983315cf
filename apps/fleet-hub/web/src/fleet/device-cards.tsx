import { formatAge, formatCount, useNow } from '@edge-blueprints/web-kit';
import type { DeviceRowView } from '@edge-blueprints/contracts';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { routeHref } from '../hub-route.js';
import { strings } from '../strings.js';
import styles from './device-cards.module.css';
import { deviceKey, healthTone } from './health.js';
import { HealthMark } from './health-mark.js';
import { siteRuns } from './matrix-layout.js';

/** Up to so many devices have room for their names and reasons. */
export const mostCards = 40;

/** The matrix of a small fleet: each device with its name, by site. */
export function DeviceCards({ rows }: { readonly rows: readonly DeviceRowView[] }): ReactNode {
  const now = useNow();
  const runs = useMemo(() => siteRuns(rows), [rows]);
  return (
    <div className={styles.sites}>
      {runs.map((run) => (
        <section key={run.site} aria-label={run.site}>
          <h3 className={styles.site}>{run.site}</h3>
          <ul className={styles.cards}>
            {rows.slice(run.first, run.first + run.count).map((row) => (
              <li key={deviceKey(row)}>
                <a
                  className={styles.card}
                  data-tone={healthTone[row.health]}
                  href={routeHref({ page: 'device', site: row.site, device: row.device })}
                >
                  <HealthMark health={row.health} size={26} />
                  <span className={styles.text}>
                    <strong>{row.device}</strong>
                    <span>
                      {strings.health[row.health]}
                      {row.reason === '' ? '' : `: ${row.reason}`}
                    </span>
                    <small>
                      {row.lastSeenAt === null
                        ? strings.fleet.neverSeen
                        : strings.fleet.seen(formatAge(now - Date.parse(row.lastSeenAt)))}
                      {row.backlog !== null &&
                        row.backlog > 0 &&
                        `, ${strings.fleet.backlog(formatCount(row.backlog))}`}
                    </small>
                  </span>
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
