import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { tableStyles } from '@edge-blueprints/web-kit';
import type { FloorPoint, StorePlan } from '@edge-blueprints/contracts';
import { strings } from '../strings.js';
import { MetreField } from './metre-field.js';
import { handleTitle } from './part-words.js';
import { addedCorner, boundsOf, movedHandle, removedCorner } from './plan-moves.js';
import { areaOf, fewestCorners, handlesOf, mostCorners } from './plan-parts.js';
import type { PartRef } from './plan-parts.js';
import styles from './plan-editor.module.css';

const text = strings.editor;

interface Props {
  readonly plan: StorePlan;
  readonly part: PartRef;
  readonly handle: number | null;
  edit(plan: StorePlan): void;
  onHandle(handle: number | null): void;
}

/** The same corners as numbers in metres. */
export function CornerTable({ plan, part, handle, edit, onHandle }: Props): ReactNode {
  const { low, high } = boundsOf(plan, part.kind);
  const corners = areaOf(plan, part)?.length ?? 0;
  return (
    <div className={tableStyles.scroll}>
      <table className={`${tableStyles.table} ${styles.corners}`}>
        <thead>
          <tr>
            <th scope="col">{text.acts}</th>
            <th scope="col">{text.across}</th>
            <th scope="col">{text.deep}</th>
            {corners > 0 && <td colSpan={2} />}
          </tr>
        </thead>
        <tbody>
          {handlesOf(plan, part).map(({ name, at }, i) => {
            if (name === 'direction') return null;
            const set = (point: FloorPoint): void => edit(movedHandle(plan, part, i, point));
            const field = (axis: 0 | 1, label: string): ReactNode => (
              <td>
                <MetreField
                  label={text.field(label, handleTitle(plan, part, i))}
                  value={at[axis]}
                  low={low[axis]}
                  high={high[axis]}
                  onFocus={() => onHandle(i)}
                  onValue={(value) => set(axis === 0 ? [value, at[1]] : [at[0], value])}
                />
              </td>
            );
            return (
              <tr key={i} className={i === handle ? styles.chosen : undefined}>
                <th scope="row">{name === 'service' ? text.handles.service : i + 1}</th>
                {field(0, text.across)}
                {field(1, text.deep)}
                {name === 'corner' && (
                  <>
                    <td>
                      <Button
                        variant="subtle"
                        size="compact-sm"
                        aria-label={text.addCornerAfter(i + 1)}
                        disabled={corners >= mostCorners}
                        onClick={() => {
                          edit(addedCorner(plan, part, i));
                          onHandle(i + 1);
                        }}
                      >
                        {text.addCorner}
                      </Button>
                    </td>
                    <td>
                      <Button
                        variant="subtle"
                        size="compact-sm"
                        aria-label={text.removeCornerOf(i + 1)}
                        disabled={corners <= fewestCorners}
                        onClick={() => {
                          edit(removedCorner(plan, part, i));
                          onHandle(null);
                        }}
                      >
                        {text.removeCorner}
                      </Button>
                    </td>
                  </>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
