import { memo } from 'react';
import { strings } from '../strings.js';
import { routeHref } from '../shell/route.js';
import styles from './bed-tile.module.css';
import { PriorityBadge } from './priority-badge.js';
import type { ShownReading } from './reading-text.js';
import { trendBox } from './tile-model.js';
import type { TileModel } from './tile-model.js';

interface Props {
  readonly model: TileModel;
  /** Leads to the bed; the wall display has nothing to press. */
  readonly linked: boolean;
  /** What the tile shows is no longer monitored. */
  readonly lost: boolean;
}

/** One bed at a glance. It is drawn again only when something that it shows has changed. */
export const BedTile = memo(
  function BedTile({ model, linked, lost }: Props) {
    const { alarm, score } = model;
    const body = (
      <>
        <span className={styles.head}>
          <strong className={styles.label}>{model.label}</strong>
          {alarm === null ? (
            <span className={styles.calm}>{model.shelved ? strings.tile.shelved : strings.tile.noAlarm}</span>
          ) : (
            <PriorityBadge priority={alarm.priority} technical={alarm.technical} />
          )}
        </span>
        <span className={styles.what}>
          {alarm === null && model.waiting !== '' && <span className={styles.waiting}>{model.waiting}</span>}
          {alarm !== null && (
            <>
              <span className={styles.title}>{alarm.title}</span>
              <span className={styles.note}>
                {[alarm.note, alarm.more > 0 ? strings.tile.more(alarm.more) : ''].filter(Boolean).join(', ')}
              </span>
            </>
          )}
        </span>
        <span className={styles.middle}>
          <span className={styles.score} data-tone={score?.tone ?? 'unknown'}>
            <span className="hidden-text">{strings.score.name} </span>
            <span className={styles.interval}>
              {lost && score !== null ? <s>{score.text}</s> : (score?.text ?? strings.none)}
            </span>
            <span className={styles.band}>
              {score === null ? model.noScore : score.word}
              {score?.scale2 === true && ` · ${strings.score.scale2Short}`}
            </span>
          </span>
          <svg
            className={styles.trend}
            viewBox={`0 0 ${trendBox.width} ${trendBox.height}`}
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            <path d={model.trend} />
          </svg>
        </span>
        <span className={styles.readings}>
          {model.readings.map((reading) => (
            <Reading key={reading.name} reading={reading} lost={lost} />
          ))}
        </span>
        <span className={styles.foot}>
          <span data-asks={model.deviceAsks || undefined}>{model.device}</span>
          {lost && <strong>{strings.lost.tile}</strong>}
          {alarm !== null && model.waiting !== '' && <span className={styles.flag}>{model.waiting}</span>}
          {model.notes.map((note) => (
            <span key={note} className={styles.flag}>
              {note}
            </span>
          ))}
        </span>
      </>
    );
    const attributes = {
      className: styles.tile,
      'data-priority': alarm?.priority,
      'data-calling': alarm?.calling === true && !model.shelved ? '' : undefined,
      'data-shelved': model.shelved || undefined,
      'data-waiting': model.waiting === '' ? undefined : model.waiting,
    };
    return (
      <li className={styles.item} data-bed={model.bed}>
        {linked ? (
          <a {...attributes} href={routeHref({ page: 'bed', bed: model.bed })}>
            {body}
          </a>
        ) : (
          <div {...attributes}>{body}</div>
        )}
      </li>
    );
  },
  (a, b) => a.model.key === b.model.key && a.linked === b.linked && a.lost === b.lost,
);

function Reading({ reading, lost }: { readonly reading: ShownReading; readonly lost: boolean }) {
  const { value, state, label, unit, age, name } = reading;
  const known = value !== strings.none;
  const gone = known && (lost || state !== 'fresh');
  return (
    <span className={styles.reading} data-name={name} data-state={lost ? 'lost' : state}>
      <span className={styles.name}>{label}</span>
      <span className={styles.value}>{gone ? <s>{value}</s> : value}</span>
      <span className="hidden-text">
        {known ? ` ${unit}, ${lost ? strings.lost.tile : strings.states[state]}, ` : ' '}
      </span>
      {/* What was "now" when the link died is not now any more. */}
      <span className={styles.age}>{lost ? '' : age}</span>
    </span>
  );
}
