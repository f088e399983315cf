import type { ReactNode } from 'react';
import { Mark } from '../shell/mark.js';
import styles from './state-word.module.css';

interface Props {
  readonly ok: boolean;
  readonly word: string;
  readonly severity: 'stop' | 'act';
}

export function StateWord({ ok, word, severity }: Props): ReactNode {
  return (
    <p className={styles.state} data-severity={ok ? undefined : severity}>
      <Mark kind={ok ? 'ok' : severity} size={22} />
      {word}
    </p>
  );
}
