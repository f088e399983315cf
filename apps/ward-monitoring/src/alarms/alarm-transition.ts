import type { AlarmAct, AlarmSnapshot } from '@edge-blueprints/contracts';
import type { Actor } from './engine-input.js';

/** What can happen. Every one is an entry of the trail. */
export const transitionKinds = [
  'pending',
  'transient',
  'start',
  'continue',
  'update',
  'escalate',
  'deescalate',
  'ack',
  'reannounce',
  'accept',
  'reject',
  'redirect',
  'unowned',
  'latch',
  'reset',
  'end',
  'pause',
  'resume',
  'shelve',
  'unshelve',
  'flood',
  'flood-end',
  'roster',
  'config',
  'refused',
] as const;
export type TransitionKind = (typeof transitionKinds)[number];

/** Why the engine did not do what somebody asked for. */
export const refusals = [
  'not-permitted',
  'no-such-alarm',
  'not-active',
  'already-acknowledged',
  'already-accepted',
  'not-offered',
  'still-active',
  'reason-needed',
  'nothing-to-pause',
  'not-shelvable',
  'too-long',
  'already-shelved',
  'not-shelved',
] as const;
export type Refusal = (typeof refusals)[number];

export interface AlarmTransition {
  readonly kind: TransitionKind;
  /** Journal clock at which it holds: the deadline itself for what a deadline brings about. */
  readonly atMs: number;
  readonly subject: string;
  /** The alarm afterwards. */
  readonly alarm?: AlarmSnapshot;
  /** Absent: the engine itself. */
  readonly actor?: Actor;
  readonly act?: AlarmAct['act'];
  /** A code: why it happened, or why not. */
  readonly why?: string;
  readonly refusal?: Refusal;
  /** What a person wrote. Goes to the erasable side of the trail. */
  readonly words?: string;
  readonly facts?: Readonly<Record<string, string>>;
  /** Shown in the group banner of a flood, not singly. Never with PH. */
  readonly grouped?: true;
}
