import { ActionIcon, Button } from '@mantine/core';
import type { PartRecord } from '@edge-blueprints/contracts';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { ArrowIcon, formatDateTime } from '@edge-blueprints/web-kit';
import { useView } from '../feed/feed-context.js';
import { navigate } from '../shell/use-route.js';
import { strings } from '../strings.js';
import styles from './part-head.module.css';
import { neighbours } from './neighbours.js';
import { VerdictTag } from './verdict-tag.js';

interface Props {
  readonly record: PartRecord;
  readonly className?: string | undefined;
  onOverrule(): void;
}

export function PartHead({ record, className, onOverrule }: Props): ReactNode {
  const { older, newer } = neighbours(useView()?.recent ?? [], record.resultId);
  const [copied, setCopied] = useState(false);
  const { overrule } = record;
  const copy = (): void => {
    navigator.clipboard?.writeText(window.location.href).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  const step = (id: string | null, to: 'left' | 'right', label: string): ReactNode => (
    <ActionIcon
      aria-label={label}
      title={label}
      disabled={id === null}
      onClick={() => id !== null && navigate({ page: 'part', resultId: id })}
    >
      <ArrowIcon to={to} />
    </ActionIcon>
  );
  return (
    <section className={`${styles.head} ${className ?? ''}`} aria-labelledby="part-title">
      <div className={styles.steps}>
        {step(older, 'left', strings.part.older)}
        {step(newer, 'right', strings.part.newer)}
      </div>
      <div className={styles.name}>
        <h1 id="part-title">{strings.part.title(record.partId)}</h1>
        <p>
          <time dateTime={record.capturedAt}>{formatDateTime(record.capturedAt)}</time>
          {record.simulated && <span className={styles.rig}>{strings.rig}</span>}
        </p>
      </div>
      <div className={styles.verdict}>
        <VerdictTag verdict={overrule?.verdict ?? record.verdict} large />
        <p>
          {overrule === undefined
            ? `${record.reason} (${strings.part.reasonCode(record.reasonCode)})`
            : `${strings.part.machine(strings.verdict[record.verdict])}. ${strings.part.overruledTitle(
                strings.verdict[overrule.verdict],
              )} ${strings.part.overruledBy(overrule.by, formatDateTime(overrule.at))}: ${overrule.reason}`}
        </p>
      </div>
      <div className={styles.acts}>
        <Button variant="default" onClick={copy}>
          {copied ? strings.part.copied : strings.part.share}
        </Button>
        <Button onClick={onOverrule}>{strings.part.overrule}</Button>
      </div>
    </section>
  );
}
