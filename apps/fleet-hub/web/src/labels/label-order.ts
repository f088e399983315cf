import type { LabelTaskView } from '@edge-blueprints/contracts';

type Task = Pick<LabelTaskView, 'id' | 'label'>;

/** The first open task that was not skipped; when all were, the one that was skipped first. */
export function nextTask<T extends Task>(tasks: readonly T[], skipped: readonly number[]): T | null {
  const open = tasks.filter((task) => task.label === null);
  const fresh = open.find((task) => !skipped.includes(task.id));
  if (fresh !== undefined) return fresh;
  for (const id of skipped) {
    const again = open.find((task) => task.id === id);
    if (again !== undefined) return again;
  }
  return null;
}

/** A task that is skipped again goes to the end; tasks that are gone are forgotten. */
export function withSkipped(skipped: readonly number[], id: number, tasks: readonly Task[]): readonly number[] {
  const known = new Set(tasks.map((task) => task.id));
  return [...skipped.filter((each) => each !== id && known.has(each)), id];
}
