import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { tableStyles } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';
import { draftFields, emptyPoint, pointOf } from './calibration-draft.js';
import type { DraftPoint } from './calibration-draft.js';
import styles from './calibration.module.css';
import type { PointCheck } from './use-point-check.js';

const text = strings.calibration;

interface Props {
  readonly drafts: readonly DraftPoint[];
  readonly chosen: number;
  readonly check: PointCheck;
  onChange(drafts: readonly DraftPoint[]): void;
  onChoose(index: number): void;
}

/** The points as numbers, which is also how they are given without a pointer. */
export function PointTable({ drafts, chosen, check, onChange, onChoose }: Props): ReactNode {
  // The answer counts complete points only.
  const place = drafts.map((draft, i) => (pointOf(draft) === null ? -1 : drafts.slice(0, i).filter(pointOf).length));
  const cm = (list: 'residualsCm' | 'heldOutCm', i: number): string => {
    const value = check.state === 'done' ? check.errors[list][place[i] ?? -1] : undefined;
    return value === undefined ? strings.none : text.cm(value.toFixed(1));
  };
  return (
    <div className={tableStyles.scroll} tabIndex={0} role="region" aria-label={text.points}>
      <table className={tableStyles.table}>
        <thead>
          <tr>
            <th scope="col">{text.points}</th>
            {draftFields.map((field) => (
              <th key={field} scope="col">
                {text.columns[field]}
              </th>
            ))}
            <th scope="col">{text.residual}</th>
            <th scope="col">{text.heldOut}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {drafts.map((draft, i) => (
            <tr key={i} className={i === chosen ? styles.chosen : undefined}>
              <th scope="row">
                <label className={styles.choose}>
                  <input
                    type="radio"
                    name="point"
                    checked={i === chosen}
                    onChange={() => onChoose(i)}
                    aria-label={text.choose(i + 1)}
                  />
                  {i + 1}
                </label>
              </th>
              {draftFields.map((field) => (
                <td key={field}>
                  <input
                    className={styles.number}
                    inputMode="decimal"
                    aria-label={text.field(text.columns[field], i + 1)}
                    value={draft[field]}
                    onFocus={() => onChoose(i)}
                    onChange={(event) => {
                      const value = event.currentTarget.value;
                      onChange(drafts.map((each, k) => (k === i ? { ...each, [field]: value } : each)));
                    }}
                  />
                </td>
              ))}
              {place[i] === -1 ? (
                <td colSpan={2}>{text.incomplete}</td>
              ) : (
                <>
                  <td>{cm('residualsCm', i)}</td>
                  <td>{cm('heldOutCm', i)}</td>
                </>
              )}
              <td>
                <Button
                  variant="subtle"
                  size="sm"
                  aria-label={text.removeOf(i + 1)}
                  onClick={() => onChange(drafts.filter((_, k) => k !== i))}
                >
                  {text.remove}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Button
        variant="default"
        size="sm"
        onClick={() => {
          onChange([...drafts, emptyPoint]);
          onChoose(drafts.length);
        }}
      >
        {text.add}
      </Button>
    </div>
  );
}
