import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Mark } from '@edge-blueprints/web-kit';
import type { StorePlan } from '@edge-blueprints/contracts';
import { strings } from '../strings.js';
import { canAdd } from './plan-moves.js';
import { partKinds, partRefs, samePart } from './plan-parts.js';
import type { PartKind, PartRef } from './plan-parts.js';
import type { PlanProblem } from './plan-problems.js';
import { partTitle } from './part-words.js';
import styles from './plan-editor.module.css';

const text = strings.editor;

interface Props {
  readonly plan: StorePlan;
  readonly chosen: PartRef | null;
  readonly problems: readonly PlanProblem[];
  onChoose(part: PartRef): void;
  onDraw(kind: PartKind): void;
}

/** All parts by kind: how one is chosen and begun without the drawing. */
export function PartList({ plan, chosen, problems, onChoose, onDraw }: Props): ReactNode {
  return (
    <div className={styles.kinds}>
      {partKinds.map((kind) => (
        <section key={kind} aria-label={text.kinds[kind]}>
          <h3 title={text.why[kind]}>{text.kinds[kind]}</h3>
          <ul>
            {partRefs(plan)
              .filter((part) => part.kind === kind)
              .map((part) => {
                const isWrong = problems.some((problem) => problem.part !== null && samePart(problem.part, part));
                return (
                  <li key={part.index}>
                    <button
                      type="button"
                      className={styles.entry}
                      aria-pressed={samePart(part, chosen)}
                      onClick={() => onChoose(part)}
                    >
                      {isWrong && <Mark kind="stop" />}
                      <span>{partTitle(plan, part)}</span>
                      {isWrong && <span className="hidden-text">{text.problem}</span>}
                    </button>
                  </li>
                );
              })}
            <li>
              {canAdd(plan, kind) ? (
                <Button
                  variant="default"
                  size="sm"
                  aria-label={text.addOf(text.kind[kind])}
                  onClick={() => onDraw(kind)}
                >
                  {text.add}
                </Button>
              ) : (
                <span className={styles.soft}>{text.full}</span>
              )}
            </li>
          </ul>
        </section>
      ))}
    </div>
  );
}
