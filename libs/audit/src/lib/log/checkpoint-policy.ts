import type { AuditEntry } from '@edge-blueprints/contracts';

/** How long an entry may wait for its signature, and how often an idle log says that it lives. */
export interface CheckpointPolicy {
  readonly activeMs: number;
  readonly idleMs: number;
  /** Entries that are signed without waiting. */
  readonly atOnce: (entry: AuditEntry) => boolean;
}

/** What a person is answerable for is signed at once. */
const atOnceTypes = [
  ...['alarm.ack', 'alarm.reject', 'alarm.redirect', 'assoc.', 'config.', 'model.', 'breakglass.'],
  ...['security.', 'audit.gap', 'audit.retention', 'audit.erased'],
];

export const standardPolicy: CheckpointPolicy = {
  activeMs: 1_000,
  idleMs: 60_000,
  atOnce: ({ type }) => atOnceTypes.some((prefix) => type.startsWith(prefix)),
};

/** True when a checkpoint is due. Times are monotonic. */
export function checkpointDue(
  policy: CheckpointPolicy,
  state: { readonly nowMs: number; readonly lastMs: number; readonly waiting: number },
): boolean {
  return state.nowMs - state.lastMs >= (state.waiting > 0 ? policy.activeMs : policy.idleMs);
}
