import { Button } from '@mantine/core';
import {
  ApiError,
  asApiError,
  Consequences,
  formStyles,
  isReason,
  Mark,
  Panel,
  ReasonInput,
  useSession,
} from '@edge-blueprints/web-kit';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { StorePlan } from '@edge-blueprints/contracts';
import { useApi } from '../session/store-api.js';
import { strings } from '../strings.js';
import { planChanges } from './plan-changes.js';
import type { PlanChange } from './plan-changes.js';
import type { PlanDraft } from './plan-draft.js';
import type { PartRef } from './plan-parts.js';
import { planProblems } from './plan-problems.js';
import type { PlanProblem } from './plan-problems.js';
import { partTitle } from './part-words.js';
import styles from './plan-editor.module.css';

const text = strings.editor;

interface Props {
  readonly draft: PlanDraft;
  readonly inForce: StorePlan;
  readonly problems: readonly PlanProblem[];
  onRefused(plan: StorePlan, problems: readonly PlanProblem[]): void;
  onChoose(part: PartRef): void;
}

/** What changes, what that means for the numbers, and the act of keeping it. */
export function SavePlan({ draft, inForce, problems, onRefused, onChoose }: Props): ReactNode {
  const api = useApi();
  const session = useSession();
  const [reason, setReason] = useState('');
  /** What was said about a plan, until that is edited. */
  const [said, setSaid] = useState<{ readonly text: string; readonly plan: StorePlan } | null>(null);
  const [busy, setBusy] = useState(false);
  const { saved, draft: plan } = draft.history;
  const changes = planChanges(saved, plan);
  const next = saved.revision + 1;
  const isOutdated = inForce.revision > saved.revision && plan !== saved;

  const save = (): void => {
    setBusy(true);
    setSaid(null);
    const run = async (): Promise<void> => {
      const kept = await api.savePlan(plan, reason);
      draft.restart(kept);
      setReason('');
      setSaid({ text: text.saved(kept.revision), plan: kept });
    };
    session
      .act(run)
      .catch((error: unknown) => {
        const isRefusal = error instanceof ApiError && error.status === 400;
        if (isRefusal) onRefused(plan, planProblems(error.message));
        else setSaid({ text: asApiError(error).message, plan });
      })
      .finally(() => setBusy(false));
  };
  return (
    <Panel title={text.save(next)}>
      <div className={formStyles.stack}>
        {isOutdated && (
          <div className={styles.outdated} role="alert">
            <p>
              <Mark kind="act" /> {text.outdated(saved.revision, inForce.revision)}
            </p>
            <Button variant="default" onClick={() => draft.restart(inForce)}>
              {text.reload(inForce.revision)}
            </Button>
          </div>
        )}
        {problems.length > 0 && <Problems plan={plan} problems={problems} onChoose={onChoose} />}
        {changes.length === 0 ? (
          <p className={styles.soft}>{text.unchanged}</p>
        ) : (
          <>
            <ul className={styles.changes} aria-label={text.changes}>
              {changes.map((change, i) => (
                <li key={i}>{text.change[change.what](changedTitle(change))}</li>
              ))}
            </ul>
            <Consequences lines={text.consequences(next)} />
            <ReasonInput label={text.reason} hint={text.reasonHint} value={reason} onChange={setReason} />
          </>
        )}
        <div className={formStyles.buttons}>
          <p role="status" className={styles.said}>
            {said?.plan === plan ? said.text : ''}
          </p>
          {changes.length > 0 && (
            <Button variant="default" onClick={() => draft.edit(saved)}>
              {text.discard}
            </Button>
          )}
          <Button
            onClick={save}
            disabled={changes.length === 0 || isOutdated || !isReason(reason) || busy}
            loading={busy}
          >
            {text.save(next)}
          </Button>
        </div>
      </div>
    </Panel>
  );
}

function Problems({ plan, problems, onChoose }: { readonly plan: StorePlan } & Pick<Props, 'problems' | 'onChoose'>) {
  return (
    <section className={styles.refused} role="alert">
      <h3>{text.problems}</h3>
      <ul className={styles.problems}>
        {problems.map(({ part, text: sentence }, i) => (
          <li key={i}>
            <Mark kind="stop" />
            {part === null ? (
              sentence
            ) : (
              <>
                <button type="button" className={styles.link} onClick={() => onChoose(part)}>
                  {text.show(partTitle(plan, part))}
                </button>
                {sentence}
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

const changedTitle = ({ part, name }: PlanChange): string => name ?? text.kind[part];
