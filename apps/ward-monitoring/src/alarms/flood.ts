import { tell, type Step } from './engine-state.js';

/** Counts a new alarm; more of them within the window than a person can take in turn the flood flag on. */
export function noteStart(step: Step, atMs: number): void {
  const { alarms, windowMs } = step.config.flood;
  step.draft.starts = [...step.draft.starts, atMs].filter((at) => at > atMs - windowMs).slice(-(alarms + 1));
  step.changed = true;
  if (step.draft.flood || step.draft.starts.length <= alarms) return;
  step.draft.flood = true;
  tell(step, { kind: 'flood', atMs, subject: 'ward', facts: { alarms: String(step.draft.starts.length) } });
}

/** When the newest alarms are again few enough for the window; undefined outside of a flood. */
export function floodEndMs(step: Step): number | undefined {
  const { alarms, windowMs } = step.config.flood;
  if (!step.draft.flood) return undefined;
  const first = step.draft.starts.at(-(alarms + 1));
  return first === undefined ? step.draft.atMs : first + windowMs;
}

export function endFlood(step: Step, atMs: number): void {
  step.draft.flood = false;
  step.draft.starts = step.draft.starts.filter((at) => at > atMs - step.config.flood.windowMs);
  step.changed = true;
  tell(step, { kind: 'flood-end', atMs, subject: 'ward' });
}
