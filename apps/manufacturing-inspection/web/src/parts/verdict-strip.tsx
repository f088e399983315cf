import { ActionIcon } from '@mantine/core';
import { useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { ArrowIcon, formatMs, formatTime, Panel } from '@edge-blueprints/web-kit';
import { useView } from '../feed/feed-context.js';
import { routeHref } from '../shell/route.js';
import { navigate } from '../shell/use-route.js';
import { strings } from '../strings.js';
import { StripCells } from './strip-cells.js';
import { newestFirst } from './strip-ring.js';
import { StripLegend } from './strip-legend.js';
import { useStripRing } from './use-strip-ring.js';
import styles from './verdict-strip.module.css';
import { VerdictTag } from './verdict-tag.js';

/** The last 200 parts. One tab stop; arrow keys choose a part, the line below tells about it, Enter opens it. */
export function VerdictStrip({ className }: { readonly className?: string | undefined }): ReactNode {
  const view = useView();
  const ring = useStripRing(view?.recent ?? null);
  const parts = newestFirst(ring);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const found = chosenId === null ? 0 : parts.findIndex((part) => part.resultId === chosenId);
  const index = found === -1 ? 0 : found;
  const chosen = parts[index] ?? null;

  /** Positive steps go to older parts. */
  const move = (step: number): void => {
    const next = Math.min(Math.max(index + step, 0), parts.length - 1);
    setChosenId(next === 0 ? null : (parts[next]?.resultId ?? null));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const columns = getComputedStyle(event.currentTarget).gridTemplateColumns.split(' ').length;
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: 1,
      ArrowRight: -1,
      ArrowUp: columns,
      ArrowDown: -columns,
      Home: parts.length,
      End: -parts.length,
    };
    const step = steps[event.key];
    if (step !== undefined) move(step);
    else if (event.key === 'Enter' && chosen !== null) navigate({ page: 'part', resultId: chosen.resultId });
    else return;
    event.preventDefault();
  };

  return (
    <Panel className={className} title={strings.strip.title} aside={<StripLegend parts={parts} />}>
      <div className={styles.body}>
        <StripCells ring={ring} chosen={chosen} onKeyDown={onKeyDown} onChoose={setChosenId} />
        <div className={styles.readout}>
          <ActionIcon aria-label={strings.strip.previous} onClick={() => move(1)} disabled={index >= parts.length - 1}>
            <ArrowIcon to="left" />
          </ActionIcon>
          <ActionIcon aria-label={strings.strip.next} onClick={() => move(-1)} disabled={index === 0}>
            <ArrowIcon to="right" />
          </ActionIcon>
          {chosen === null ? (
            <span className={styles.soft}>{strings.strip.empty}</span>
          ) : (
            <>
              <a className={styles.part} href={routeHref({ page: 'part', resultId: chosen.resultId })}>
                {chosen.partId}
              </a>
              <VerdictTag verdict={chosen.verdict} overruled={chosen.overruled} />
              <span className={styles.reason} title={chosen.reason}>
                {chosen.reason}
              </span>
              <span className={styles.soft}>{formatTime(chosen.at)}</span>
              <span className={styles.soft}>{formatMs(chosen.captureToActMs)}</span>
            </>
          )}
        </div>
      </div>
    </Panel>
  );
}
