/**
 * One line of the trail. Canonical JSON (RFC 8785) of it is a leaf of the log; at most 65,535 bytes. No patient identity: subjects
 * are pseudonyms, and what identifies is only committed to. Numbers in hashed fields are integers or strings.
 */
export interface AuditEntry {
  readonly v: 1;
  /** Name of the log: `edge-blueprints.example/ward/{site}/{ward}`. */
  readonly origin: string;
  /** Number of the entry in the log from 0, and of the start of the process. */
  readonly seq: number;
  readonly boot: string;
  /** Wall clock, RFC 3339 with milliseconds, UTC; monotonic milliseconds since the start. */
  readonly tWall: string;
  readonly tMonoMs: number;
  readonly clock: { readonly source: string; readonly offsetMs: number; readonly synced: boolean };
  /** `alarm.start`, `alarm.ack`, `assoc.start`, `audit.gap`, `security.denied` ... */
  readonly type: string;
  readonly actor: { readonly id: string; readonly role: string; readonly session?: string };
  readonly subject?: { readonly pseudonym: string };
  readonly object?: string;
  readonly action: string;
  readonly outcome: 'success' | 'refused' | 'failure';
  readonly reason?: string;
  readonly links?: Readonly<Record<string, string>>;
  readonly model?: Readonly<Record<string, string>>;
  /** Hex SHA-256 of salt and payload; both lie in a store that may be erased. */
  readonly payloadCommit?: string;
}

/** What a caller says; the log adds version, origin, number, boot and clocks. */
export type AuditDraft = Omit<
  AuditEntry,
  'v' | 'origin' | 'seq' | 'boot' | 'tWall' | 'tMonoMs' | 'clock' | 'payloadCommit'
> & {
  /** Goes to the erasable side store; the entry holds its salted commitment. */
  readonly payload?: Readonly<Record<string, unknown>>;
};

/** Where a part writes what happened. Resolves once the entries are on disk, in their order; rejects when they are not. */
export interface AuditTrail {
  /** @throws DeviceError `audit.write` when the disk does not take it: then acts must be refused and alarms go on. */
  record(drafts: readonly AuditDraft[]): Promise<readonly AuditEntry[]>;
}
