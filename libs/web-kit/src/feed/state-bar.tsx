import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { Mark } from '../shell/mark.js';
import type { MarkKind } from '../shell/mark.js';
import styles from './state-bar.module.css';

export interface StateBarAlarm {
  readonly id: string;
  readonly severity: 'stop' | 'act';
  readonly title: string;
  readonly detail: string;
  readonly href: string;
}

interface Props {
  readonly label: string;
  readonly mark: MarkKind;
  readonly word: string;
  readonly reason: string;
  /** What the state itself asks for; undefined while it is calm. */
  readonly asks: 'stop' | 'act' | undefined;
  readonly alarms: {
    readonly label: string;
    readonly shown: readonly StateBarAlarm[];
    /** Said when there are none. */
    readonly none: string;
    readonly more?: { readonly word: string; readonly href: string } | undefined;
  };
}

/** The answer to "do I have to act?", in the same place and height in every view and state. */
export function StateBar({ label, mark, word, reason, asks, alarms }: Props): ReactNode {
  return (
    <section className={styles.bar} aria-label={label}>
      <div className={styles.state} data-asks={asks}>
        <Mark kind={mark} size={34} />
        <div>
          <p className={styles.word}>{word}</p>
          <p className={styles.reason}>{reason}</p>
        </div>
      </div>
      <ul className={styles.alarms} aria-label={alarms.label}>
        {alarms.shown.length === 0 && asks === undefined && <li className={styles.quiet}>{alarms.none}</li>}
        {alarms.shown.map((alarm) => (
          <li key={alarm.id}>
            <a className={styles.alarm} data-severity={alarm.severity} href={alarm.href} title={alarm.detail}>
              <Mark kind={alarm.severity} size={22} />
              <span>
                <strong>{alarm.title}</strong>
                <small>{alarm.detail}</small>
              </span>
            </a>
          </li>
        ))}
        {alarms.more !== undefined && (
          <li>
            <a className={styles.more} href={alarms.more.href}>
              {alarms.more.word}
            </a>
          </li>
        )}
      </ul>
    </section>
  );
}

export function StateBarWaiting({ label, word }: { readonly label: string; readonly word: string }): ReactNode {
  return (
    <section className={styles.bar} aria-label={label} aria-busy="true">
      <Skeleton height={40} width={320} />
      <span className={styles.reason}>{word}</span>
    </section>
  );
}
