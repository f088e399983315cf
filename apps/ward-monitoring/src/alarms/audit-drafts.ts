import type { AuditDraft } from '@edge-blueprints/contracts';
import type { AlarmTransition } from './alarm-transition.js';
import type { ActInput } from './engine-input.js';
import type { JournalDamage } from './journal-segments.js';

const engine = { id: 'alarm-engine', role: 'gateway' } as const;

/**
 * The line of the trail for one transition. What people wrote, and what was measured, goes to the erasable payload.
 * @param seq number of the journal entry that made it happen; names it once and for all, also when it is written again
 */
export function draftOf(transition: AlarmTransition, seq: number | undefined, late?: 'outage' | 'restart'): AuditDraft {
  const { kind, atMs, subject, alarm, actor, act, why, words, facts } = transition;
  const denied = transition.refusal === 'not-permitted';
  const type = denied ? 'security.denied' : kind === 'config' || kind === 'roster' ? `config.${kind}` : `alarm.${kind}`;
  const payload = {
    ...(alarm === undefined ? {} : { text: alarm.text }),
    ...(words === undefined ? {} : { words }),
    ...facts,
  };
  return {
    type,
    actor: actor === undefined ? engine : { id: actor.id, role: actor.role, ...sessionOf(actor.session) },
    subject: { pseudonym: subject },
    ...(alarm === undefined ? {} : { object: `alarm/${alarm.alarmId}` }),
    action: act ?? kind,
    outcome: kind === 'refused' ? 'refused' : 'success',
    ...(why === undefined ? {} : { reason: why }),
    links: {
      journalMs: String(atMs),
      ...(seq === undefined ? {} : { journal: String(seq) }),
      ...(late === undefined ? {} : { late }),
      ...(alarm === undefined
        ? {}
        : { alarmId: alarm.alarmId, condition: alarm.condition, priority: alarm.priority, phase: alarm.phase }),
    },
    ...(Object.keys(payload).length === 0 ? {} : { payload }),
  };
}

const sessionOf = (session: string | undefined): { readonly session?: string } =>
  session === undefined ? {} : { session };

export interface RecordGap {
  readonly fromMs: number;
  readonly toMs: number;
  readonly why: string;
  /** Inputs that the journal does not hold singly; its state holds what they led to. */
  readonly inputs: number;
  /** Lines written late, and lines that there was no room to keep. */
  readonly late: number;
  readonly dropped: number;
}

/** Says that the trail and the journal were not written for a while. */
export function gapDraft({ fromMs, toMs, why, inputs, late, dropped }: RecordGap): AuditDraft {
  const links = { fromMs, toMs, inputs, late, dropped };
  return {
    type: 'audit.gap',
    actor: engine,
    action: 'declare',
    outcome: 'failure',
    reason: why,
    links: Object.fromEntries(Object.entries(links).map(([name, value]) => [name, String(value)])),
  };
}

/** Says what was wrong with the journal when the gateway started. */
export function damageDraft({ kind, segment, bytesCut, entriesAside }: JournalDamage): AuditDraft {
  return {
    type: 'audit.gap',
    actor: engine,
    object: segment,
    action: 'declare',
    outcome: 'failure',
    reason: kind === 'torn-tail' ? 'journal-torn-tail' : 'journal-damaged',
    links: { bytesCut: String(bytesCut), entriesAside: String(entriesAside) },
  };
}

/** An act that was not confirmed, because it could not be written. */
export function unrecordedActDraft({ atMs, actor, act }: ActInput): AuditDraft {
  return {
    type: 'alarm.refused',
    actor: { id: actor.id, role: actor.role, ...sessionOf(actor.session) },
    action: act.act,
    outcome: 'failure',
    reason: 'record-failed',
    links: { journalMs: String(atMs), ...('alarmId' in act ? { alarmId: act.alarmId } : {}) },
  };
}
