import type { AuditEntry } from '@edge-blueprints/contracts';
import type { Checkpoint } from '../log/checkpoint-note.js';

/** An event in the shape of the Open Cybersecurity Schema Framework, version 1.6; integers and texts only. */
export interface OcsfEvent {
  readonly class_uid: number;
  readonly category_uid: number;
  readonly activity_id: number;
  readonly type_uid: number;
  readonly severity_id: number;
  readonly status_id: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly [field: string]: unknown;
}

interface Kind {
  readonly classUid: number;
  readonly activityId: number;
}

/** Classes by the beginning of an entry's type; what is not named is an API Activity by its action. */
const classes: readonly (readonly [string, number])[] = [
  ['security.', 2_004],
  ['breakglass.', 2_004],
  ['session.', 3_002],
  ['user.', 3_001],
  ['audit.started', 6_002],
  ['audit.stopped', 6_002],
  ['app.', 6_002],
];
const activities: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  2_004: { create: 1, update: 2, close: 3 },
  3_002: { login: 1, logout: 2, start: 1, stop: 2 },
  3_001: { create: 1, enable: 2, update: 3, disable: 5, delete: 6 },
  6_002: { install: 1, remove: 2, start: 3, stop: 4, restart: 5 },
  6_003: { create: 1, read: 2, update: 3, delete: 4 },
};
const metadata = {
  version: '1.6.0',
  product: { name: 'Edge Blueprints ward gateway', vendor_name: 'Edge Blueprints' },
};

/** An entry as the SIEM gets it. What has no field of its own is kept in `unmapped`. */
export function ocsfOfEntry(entry: AuditEntry, leaf: string): OcsfEvent {
  const classUid = classes.find(([prefix]) => entry.type.startsWith(prefix))?.[1] ?? 6_003;
  const kind = { classUid, activityId: activities[classUid]?.[entry.action] ?? 99 };
  const { actor, subject } = entry;
  return {
    ...headOf(kind, { severityId: severityOf(entry), ok: entry.outcome === 'success', time: Date.parse(entry.tWall) }),
    metadata: { ...metadata, uid: `${entry.origin}#${entry.seq}`, sequence: entry.seq },
    message: `${entry.type} ${entry.action} ${entry.outcome}`,
    actor: {
      user: { uid: actor.id, type: actor.role },
      ...(actor.session === undefined ? {} : { session: { uid: actor.session } }),
    },
    ...(classUid === 6_003 ? { api: { operation: entry.type }, src_endpoint: { name: entry.origin } } : {}),
    ...(classUid === 2_004 ? { finding_info: { uid: `${entry.origin}#${entry.seq}`, title: entry.type } } : {}),
    ...(subject === undefined ? {} : { resources: [{ uid: subject.pseudonym, type: 'subject' }] }),
    ...(entry.reason === undefined ? {} : { status_detail: entry.reason }),
    unmapped: {
      leaf,
      boot: entry.boot,
      monotonic_ms: entry.tMonoMs,
      clock: entry.clock,
      ...(entry.object === undefined ? {} : { object: entry.object }),
      ...(entry.links === undefined ? {} : { links: entry.links }),
      ...(entry.model === undefined ? {} : { model: entry.model }),
      ...(entry.payloadCommit === undefined ? {} : { payload_commit: entry.payloadCommit }),
    },
  };
}

/** A checkpoint as an anchor: the whole signed note, which the verifier reads back. */
export function ocsfOfCheckpoint(checkpoint: Checkpoint, epochMs: number): OcsfEvent {
  return {
    ...headOf({ classUid: 6_003, activityId: 1 }, { severityId: 1, ok: true, time: Math.floor(epochMs) }),
    metadata: { ...metadata, uid: `${checkpoint.origin}@${checkpoint.size}` },
    message: 'audit.checkpoint',
    actor: { user: { uid: 'audit-log', type: 'system' } },
    api: { operation: 'audit.checkpoint' },
    src_endpoint: { name: checkpoint.origin },
    unmapped: { checkpoint: checkpoint.note },
  };
}

/** Syslog's scale, 0 the worst: critical for security alerts, notice for the rest. */
export function syslogSeverityOf(entry: AuditEntry): number {
  return { 4: 2, 3: 4, 2: 5, 1: 5 }[severityOf(entry)] ?? 5;
}

/** 1 informational, 2 low, 3 medium, 4 high. */
function severityOf({ type, outcome }: AuditEntry): 1 | 2 | 3 | 4 {
  if (type.startsWith('security.') || type.startsWith('breakglass.')) return 4;
  if (type === 'audit.gap' || outcome === 'failure') return 3;
  return outcome === 'refused' || type === 'clock.step' ? 2 : 1;
}

function headOf(
  kind: Kind,
  more: { readonly severityId: number; readonly ok: boolean; readonly time: number },
): OcsfEvent {
  return {
    class_uid: kind.classUid,
    category_uid: Math.floor(kind.classUid / 1_000),
    activity_id: kind.activityId,
    type_uid: kind.classUid * 100 + kind.activityId,
    severity_id: more.severityId,
    status_id: more.ok ? 1 : 2,
    time: more.time,
  };
}
