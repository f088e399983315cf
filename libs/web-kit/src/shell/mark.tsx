import type { ReactNode } from 'react';
import styles from './mark.module.css';

export type MarkKind = 'ok' | 'stop' | 'act' | 'off' | 'pass' | 'reject' | 'review' | 'error' | 'run' | 'wait';

const shapes: Readonly<Record<MarkKind, ReactNode>> = {
  ok: <path d="m4.5 10.5 3.5 3.5 7.5-8" className={styles.stroke} />,
  pass: <path d="m4.5 10.5 3.5 3.5 7.5-8" className={styles.stroke} />,
  off: <path d="M5 10h10" className={styles.stroke} />,
  run: <path d="M6 4.5v11l9-5.5z" className={styles.fill} />,
  wait: <path d="M6 5v10M14 5v10" className={styles.thick} />,
  stop: (
    <>
      <path d="M6.3 1.5h7.4l4.8 4.8v7.4l-4.8 4.8H6.3l-4.8-4.8V6.3z" className={styles.fill} />
      <path d="M10 5.5v5.5M10 14v.4" className={styles.cut} />
    </>
  ),
  act: (
    <>
      <path d="M10 1.8 19 17.8H1z" className={styles.fill} />
      <path d="M10 7.5v4.6M10 15v.3" className={styles.cut} />
    </>
  ),
  reject: (
    <>
      <rect x="1.5" y="1.5" width="17" height="17" rx="3" className={styles.fill} />
      <path d="m6.2 6.2 7.6 7.6M13.8 6.2l-7.6 7.6" className={styles.cut} />
    </>
  ),
  review: <path d="M10 1.8 19 17.8H1z" className={styles.stroke} />,
  error: (
    <>
      <path d="M10 .8 19.2 10 10 19.2.8 10z" className={styles.fill} />
      <path d="M10 5.5v5.2M10 14v.4" className={styles.cut} />
    </>
  ),
};

interface Props {
  readonly kind: MarkKind;
  readonly size?: number;
}

/** A state as a shape. Decorative: the word beside it says the same. */
export function Mark({ kind, size = 20 }: Props): ReactNode {
  return (
    <svg className={styles[kind]} width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      {shapes[kind]}
    </svg>
  );
}
