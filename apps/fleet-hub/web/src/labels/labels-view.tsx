import { Button, Skeleton, Switch, TextInput } from '@mantine/core';
import {
  formatCount,
  formatDateTime,
  formatPercent,
  isForPage,
  Mark,
  Panel,
  RequestFault,
  shortcutsEnabled,
} from '@edge-blueprints/web-kit';
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useSession } from '../session/session-context.js';
import { ActButton } from '../session/act-button.js';
import { strings } from '../strings.js';
import { AccuracyPanel } from './accuracy-panel.js';
import { LabelPictures } from './label-pictures.js';
import styles from './labels-view.module.css';
import { useLabelQueue } from './use-label-queue.js';
import type { LabelQueue } from './use-label-queue.js';

const text = strings.labels;

/** Level 4: a person says what is true, and the accuracy follows at once. */
export function LabelsView(): ReactNode {
  const labels = useLabelQueue();
  const { queue, task } = labels;
  const all = queue === null ? 0 : queue.open + queue.done;
  return (
    <div className={styles.view}>
      <h1 className="hidden-text">{text.title}</h1>
      <Panel
        title={text.title}
        aside={
          queue !== null && (
            <>
              <span>{text.progress(formatCount(queue.done), formatCount(all))}</span>
              <progress className={styles.progress} value={queue.done} max={Math.max(1, all)} aria-label={text.title} />
            </>
          )
        }
      >
        {labels.fault !== null && <RequestFault error={labels.fault} onRetry={labels.reload} />}
        {queue === null && labels.fault === null && <Skeleton height={480} />}
        {queue !== null && task === null && (
          <div className={styles.empty}>
            <p>
              <strong>{text.empty}</strong>
            </p>
            <p>{text.emptyDetail}</p>
            <TakeBack labels={labels} />
          </div>
        )}
        {task !== null && <Task key={task.id} labels={labels} />}
      </Panel>
      <AccuracyPanel accuracy={labels.accuracy} />
    </div>
  );
}

function Task({ labels }: { readonly labels: LabelQueue }): ReactNode {
  const session = useSession();
  const [note, setNote] = useState('');
  const [boxes, setBoxes] = useState(true);
  const latest = useRef({ labels, note });
  latest.current = { labels, note };
  const may = session.may('operator');

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!shortcutsEnabled('hub-shortcuts') || !isForPage(event) || event.repeat || !may) return;
      const { labels: now, note: said } = latest.current;
      if (event.key === 'g') now.answer('good', said);
      else if (event.key === 'b') now.answer('bad', said);
      else if (event.key === 's') now.skip();
      else if (event.key === 'u') now.takeBack();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [may]);

  const { task, busy } = labels;
  if (task === null) return null;
  const { candidate } = task;
  return (
    <div className={styles.task}>
      <div className={styles.head}>
        <p>
          <strong>{text.part(candidate.partId)}</strong>{' '}
          <span className={styles.soft}>
            {task.site}/{task.device}, {formatDateTime(task.at)}
          </span>
        </p>
        <Switch
          label={text.boxes}
          size="md"
          checked={boxes}
          onChange={(event) => setBoxes(event.currentTarget.checked)}
        />
      </div>
      <LabelPictures task={task} boxes={boxes} />
      <p className={styles.said}>
        {text.station}
        <span className={styles.verdict}>
          <Mark kind={candidate.verdict} size={18} />
          {text.verdict[candidate.verdict]}
        </span>
        <span className={styles.soft}>
          {candidate.score === null ? text.noScore : text.score(formatPercent(candidate.score))},{' '}
          {text.sampled(formatPercent(candidate.inclusionProbability), candidate.stratum)}
        </span>
      </p>
      <div className={styles.answer}>
        <strong>{text.question}</strong>
        <ActButton needs="operator" variant="filled" disabled={busy} onClick={() => labels.answer('good', note)}>
          {text.good} (G)
        </ActButton>
        {may && (
          <>
            <Button disabled={busy} onClick={() => labels.answer('bad', note)}>
              {text.bad} (B)
            </Button>
            <Button variant="default" disabled={busy} onClick={labels.skip}>
              {text.skip} (S)
            </Button>
            <TextInput
              aria-label={text.note}
              placeholder={`${text.note}, ${text.noteHint}`}
              className={styles.note ?? ''}
              maxLength={300}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
          </>
        )}
        <TakeBack labels={labels} />
      </div>
    </div>
  );
}

function TakeBack({ labels }: { readonly labels: LabelQueue }): ReactNode {
  const { last } = labels;
  return (
    <div className={styles.last} role="status">
      {last !== null && (
        <>
          <span>
            {text.saved(text.part(last.task.candidate.partId), text[last.truth].toLowerCase())}{' '}
            {(last.truth === 'good') === (last.task.candidate.verdict === 'pass') ? text.confirms : text.corrects}
          </span>
          <Button variant="default" size="sm" disabled={labels.busy} onClick={labels.takeBack}>
            {text.undo} (U)
          </Button>
        </>
      )}
    </div>
  );
}
