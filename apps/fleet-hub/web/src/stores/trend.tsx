import type { ReactNode } from 'react';
import styles from './stores-view.module.css';

const width = 180;
const height = 36;

/** Bars of the last windows; a suppressed window is a dot on the ground line. */
export function Trend({
  values,
  alt,
}: {
  readonly values: readonly (number | null)[];
  readonly alt: string;
}): ReactNode {
  const most = Math.max(1, ...values.map((value) => value ?? 0));
  const step = width / Math.max(values.length, 12);
  return (
    <svg
      className={styles.trend}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={alt}
    >
      {values.map((value, i) =>
        value === null ? (
          <circle key={i} cx={(i + 0.5) * step} cy={height - 2} r={1} />
        ) : (
          <rect
            key={i}
            x={i * step}
            width={Math.max(step - 1, 1)}
            y={height - Math.max((value / most) * height, 1)}
            height={Math.max((value / most) * height, 1)}
          />
        ),
      )}
    </svg>
  );
}
