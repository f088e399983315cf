import { Button, Switch } from '@mantine/core';
import { Panel } from '@edge-blueprints/web-kit';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { StorePlan, StoreView } from '@edge-blueprints/contracts';
import { AuthorityLegend } from '../plan/authority-layer.js';
import { strings } from '../strings.js';
import { DrawingBar } from './drawing-bar.js';
import { PartForm } from './part-form.js';
import { PartList } from './part-list.js';
import { PlanCanvas } from './plan-canvas.js';
import { usePlanDraft } from './plan-draft.js';
import { addedPart, middlePoints } from './plan-moves.js';
import { partOf, partRefs, samePart, withoutPart } from './plan-parts.js';
import type { PartKind, PartRef } from './plan-parts.js';
import { standing } from './plan-problems.js';
import type { PlanProblem } from './plan-problems.js';
import { handlePlace, partSize, partTitle, watchNote } from './part-words.js';
import { SavePlan } from './save-plan.js';
import type { Drawing } from './use-plan-pointer.js';
import styles from './plan-editor.module.css';

const text = strings.editor;

interface Props {
  /** The plan that the store measures by now. */
  readonly inForce: StorePlan;
  readonly cameras: StoreView['cameras'];
}

interface Refusal {
  readonly plan: StorePlan;
  readonly problems: readonly PlanProblem[];
}

export function PlanEditor({ inForce, cameras }: Props): ReactNode {
  const draft = usePlanDraft(inForce);
  const { draft: plan, past, future } = draft.history;
  const [held, setHeld] = useState<{ readonly part: PartRef | null; readonly handle: number | null }>(none);
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  const [showCameras, setShowCameras] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  useUndoKeys(draft.undo, draft.redo);
  const problems = standing(refusal?.problems ?? [], refusal?.plan ?? null, plan);
  // An undo may have taken the chosen part away.
  const chosen = held.part !== null && partOf(plan, held.part) !== undefined ? held.part : null;
  const choose = (part: PartRef | null, handle: number | null = null): void => setHeld({ part, handle });
  const remove = (part: PartRef): void => {
    draft.edit(withoutPart(plan, part));
    choose(null);
  };
  const add = ({ kind, points }: Drawing): void => {
    const index = partRefs(plan).filter((part) => part.kind === kind).length;
    draft.edit(addedPart(plan, kind, points, text.unnamed(text.kind[kind], index + 1)));
    setDrawing(null);
    choose({ kind, index });
  };
  const begin = (kind: PartKind): void => {
    choose(null);
    setDrawing({ kind, points: [] });
  };
  return (
    <div className={styles.view}>
      <h1 className="hidden-text">{text.title}</h1>
      <div className={styles.upper}>
        <Panel
          className={styles.floor}
          title={text.drawing(draft.history.saved.revision)}
          aside={
            <>
              <Switch
                label={text.showCameras}
                checked={showCameras}
                onChange={(event) => setShowCameras(event.currentTarget.checked)}
              />
              <Button variant="default" size="sm" onClick={draft.undo} disabled={past.length === 0}>
                {text.undo}
              </Button>
              <Button variant="default" size="sm" onClick={draft.redo} disabled={future.length === 0}>
                {text.redo}
              </Button>
            </>
          }
        >
          <div className={styles.drawing}>
            <PlanCanvas
              plan={plan}
              chosen={chosen}
              handle={held.handle}
              drawing={drawing}
              problems={problems}
              cameras={showCameras ? cameras : []}
              edit={draft.edit}
              onChoose={choose}
              onDraw={(next, isDone) => (isDone ? add(next) : setDrawing(next))}
              onRemove={remove}
            />
            {drawing === null ? (
              <p className={styles.place} role="status">
                {chosen === null ? text.hint : handlePlace(plan, chosen, held.handle)}
              </p>
            ) : (
              <DrawingBar
                drawing={drawing}
                onClose={() => add(drawing)}
                onMiddle={() => add({ kind: drawing.kind, points: middlePoints(plan, drawing.kind) })}
                onCancel={() => setDrawing(null)}
              />
            )}
            {showCameras && <AuthorityLegend cameras={cameras} />}
          </div>
        </Panel>
        <div className={styles.side}>
          <Panel title={text.parts}>
            <PartList plan={plan} chosen={chosen} problems={problems} onChoose={choose} onDraw={begin} />
          </Panel>
          <Panel
            title={chosen === null ? text.nothing : partTitle(plan, chosen)}
            aside={chosen === null ? undefined : partSize(plan, chosen)}
          >
            {chosen !== null && (
              <PartForm
                plan={plan}
                part={chosen}
                handle={held.handle}
                problems={problems.flatMap((each) =>
                  each.part !== null && samePart(each.part, chosen) ? [each.text] : [],
                )}
                note={watchNote(plan, chosen, cameras)}
                edit={draft.edit}
                onHandle={(handle) => choose(chosen, handle)}
                onRemove={() => remove(chosen)}
              />
            )}
          </Panel>
        </div>
      </div>
      <SavePlan
        draft={draft}
        inForce={inForce}
        problems={problems}
        onRefused={(refused, found) => setRefusal({ plan: refused, problems: found })}
        onChoose={choose}
      />
    </div>
  );
}

const none = { part: null, handle: null } as const;

/** Ctrl or Cmd with Z, and with Shift the other way; where somebody types, the keys belong to the text. */
function useUndoKeys(undo: () => void, redo: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
      if (event.target instanceof Element && event.target.closest('input, textarea, [role="dialog"]') !== null) return;
      event.preventDefault();
      (event.shiftKey ? redo : undo)();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [undo, redo]);
}
