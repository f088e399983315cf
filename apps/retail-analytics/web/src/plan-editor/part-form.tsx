import { Button, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { formStyles, Mark } from '@edge-blueprints/web-kit';
import type { StorePlan } from '@edge-blueprints/contracts';
import { strings } from '../strings.js';
import { CornerTable } from './corner-table.js';
import { MetreField } from './metre-field.js';
import { nameOf, withLine, withName, withQueue } from './plan-parts.js';
import type { PartRef } from './plan-parts.js';
import styles from './plan-editor.module.css';

const text = strings.editor;
const longestName = 60;

interface Props {
  readonly plan: StorePlan;
  readonly part: PartRef;
  readonly handle: number | null;
  /** What the node refuses about this part. */
  readonly problems: readonly string[];
  /** How it lies between the cameras, where that asks for a thought. */
  readonly note: string | null;
  edit(plan: StorePlan, tag?: string): void;
  onHandle(handle: number | null): void;
  onRemove(): void;
}

/** Everything of one part that is not drawn, and its corners as numbers. */
export function PartForm({ plan, part, handle, problems, note, edit, onHandle, onRemove }: Props): ReactNode {
  const name = nameOf(plan, part);
  return (
    <div className={formStyles.stack}>
      {problems.length > 0 && (
        <ul className={styles.problems}>
          {problems.map((problem) => (
            <li key={problem}>
              <Mark kind="stop" /> {problem}
            </li>
          ))}
        </ul>
      )}
      <p className={styles.soft}>{text.why[part.kind]}</p>
      {note !== null && (
        <p className={styles.note}>
          <Mark kind="act" /> {note}
        </p>
      )}
      {name !== null && (
        <TextInput
          label={text.name}
          description={text.id(idOf(plan, part))}
          value={name}
          maxLength={longestName}
          error={name.trim() === '' ? text.nameMissing : null}
          onChange={(event) => edit(withName(plan, part, event.currentTarget.value), `name ${part.kind} ${part.index}`)}
        />
      )}
      <CornerTable
        key={`${part.kind} ${part.index}`}
        plan={plan}
        part={part}
        handle={handle}
        edit={edit}
        onHandle={onHandle}
      />
      <Aim plan={plan} part={part} edit={edit} />
      <Button variant="default" onClick={onRemove}>
        {text.remove(text.kind[part.kind])}
      </Button>
    </div>
  );
}

/** The side of a line that is inside, and the way a queue runs. */
function Aim({ plan, part, edit }: Pick<Props, 'plan' | 'part' | 'edit'>): ReactNode {
  const line = part.kind === 'line' ? plan.lines[part.index] : undefined;
  const queue = part.kind === 'queue' ? plan.queues[part.index] : undefined;
  if (line !== undefined)
    return (
      <div className={styles.aim}>
        <Button
          variant="default"
          onClick={() => edit(withLine(plan, part.index, { inside: line.inside === 'left' ? 'right' : 'left' }))}
        >
          {text.turn}
        </Button>
        <span className={styles.soft}>{text.turnHint}</span>
      </div>
    );
  if (queue === undefined) return null;
  return (
    <div className={styles.aim}>
      <span>{text.direction}</span>
      <MetreField
        label={text.direction}
        value={queue.directionDeg}
        digits={0}
        low={-360}
        high={360}
        onValue={(directionDeg) => edit(withQueue(plan, part.index, { directionDeg }))}
      />
      <span className={styles.soft}>{text.directionHint}</span>
    </div>
  );
}

function idOf({ zones, lines, queues }: StorePlan, { kind, index }: PartRef): string {
  const list = kind === 'zone' ? zones : kind === 'line' ? lines : queues;
  return list[index]?.id ?? '';
}
