import type { ReactNode } from 'react';
import type { RetailRelease, StoreZoneView } from '@edge-blueprints/contracts';
import { formatCount } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';
import styles from './zones-view.module.css';

const shown = 24;
const barPx = 5;
const stepPx = 7;
const heightPx = 28;

interface Props {
  readonly zone: Pick<StoreZoneView, 'id' | 'name'>;
  readonly releases: readonly RetailRelease[];
}

/** The last released visits of a zone, as small bars; a ring is a suppressed number. */
export function VisitTrend({ zone, releases }: Props): ReactNode {
  const values = releases
    .filter(({ metric }) => metric === 'visits')
    .slice(-shown)
    .map(({ cells }) => cells.find(({ key }) => key === `zone/${zone.id}`)?.value ?? null);
  if (values.length === 0) return <span className={styles.soft}>{strings.zones.trendNone}</span>;
  const most = Math.max(1, ...values.map((value) => value ?? 0));
  const last = values.at(-1) ?? null;
  return (
    <svg
      className={styles.trend}
      width={shown * stepPx}
      height={heightPx}
      role="img"
      aria-label={strings.zones.trendLabel(zone.name, last === null ? strings.hours.suppressed : formatCount(last))}
    >
      {values.map((value, i) =>
        value === null ? (
          <circle key={i} cx={i * stepPx + barPx / 2} cy={heightPx - 3} r="2" />
        ) : (
          <rect
            key={i}
            x={i * stepPx}
            y={heightPx * (1 - value / most)}
            width={barPx}
            height={(heightPx * value) / most}
          />
        ),
      )}
    </svg>
  );
}
