import { useElementSize } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { formatCount, formatShortTime } from '@edge-blueprints/web-kit';
import { niceCeiling } from '../plan/heat-classes.js';
import { strings } from '../strings.js';
import { releasedText } from './hour-rows.js';
import type { HourRow } from './hour-rows.js';
import styles from './hours-view.module.css';

const left = 44;
const foot = 26;
const head = 14;
const labelPx = 64;

/** In and out as bars with the noise as whiskers. A suppressed number is a mark on the ground line, not an empty place. */
export function HourChart({ rows }: { readonly rows: readonly HourRow[] }): ReactNode {
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const top = niceCeiling(
    Math.max(1, ...rows.map(({ inside, out, error95 }) => Math.max(inside ?? 0, out ?? 0) + error95)),
  );
  const plotHeight = Math.max(0, height - foot - head);
  const y = (value: number): number => head + plotHeight * (1 - Math.max(0, value) / top);
  const step = rows.length === 0 ? 0 : Math.max(0, width - left) / rows.length;
  const bar = Math.min(40, Math.max(1, step * 0.36));
  const inset = (step - 2.15 * bar) / 2;
  const every = Math.max(1, Math.ceil(labelPx / Math.max(1, step)));
  return (
    <div ref={ref} className={styles.chart} role="img" aria-label={strings.hours.summary(rows.length)}>
      <svg width={width} height={height} aria-hidden="true">
        {[0, 0.5, 1].map((share) => (
          <g key={share} className={styles.grid}>
            <line x1={left} x2={width} y1={y(share * top)} y2={y(share * top)} />
            <text x={left - 8} y={y(share * top)} className={styles.scale}>
              {formatCount(share * top)}
            </text>
          </g>
        ))}
        {rows.map((row, i) => {
          const x = left + i * step;
          return (
            <g key={row.fromEpochMs} data-quality={row.quality}>
              <title>
                {strings.hours.bar(
                  row.window,
                  releasedText(row.inside),
                  releasedText(row.out),
                  formatCount(Math.ceil(row.error95)),
                  strings.hours.qualities[row.quality],
                )}
              </title>
              <Bar x={x + inset} width={bar} value={row.inside} error95={row.error95} y={y} kind="in" />
              <Bar x={x + inset + bar * 1.15} width={bar} value={row.out} error95={row.error95} y={y} kind="out" />
              {row.quality !== 'good' && (
                <path d={`M${x + step / 2} ${y(0) + 3}l5 8h-10z`} className={styles.degraded} />
              )}
              {i % every === 0 && (
                <text x={x + step / 2} y={height - 6} className={styles.time}>
                  {formatShortTime(new Date(row.fromEpochMs).toISOString())}
                </text>
              )}
            </g>
          );
        })}
      </svg>
    </div>
  );
}

interface BarProps {
  readonly x: number;
  readonly width: number;
  readonly value: number | null;
  readonly error95: number;
  readonly kind: 'in' | 'out';
  y(value: number): number;
}

function Bar({ x, width, value, error95, kind, y }: BarProps): ReactNode {
  const middle = x + width / 2;
  if (value === null) return <circle cx={middle} cy={y(0) - 4} r="3" className={styles.suppressed} />;
  return (
    <>
      <rect x={x} y={y(value)} width={width} height={Math.max(0, y(0) - y(value))} className={styles[kind]} />
      <line x1={middle} x2={middle} y1={y(value + error95)} y2={y(value - error95)} className={styles.whisker} />
    </>
  );
}
