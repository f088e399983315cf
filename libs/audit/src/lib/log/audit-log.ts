import type { AuditDraft, AuditEntry, AuditTrail, Clock, Logger } from '@edge-blueprints/contracts';
import type { Checkpoint } from './checkpoint-note.js';
import type { CheckpointPolicy } from './checkpoint-policy.js';
import type { OpenAppendFile } from './durable-files.js';
import type { ClockState } from './entry-stamp.js';
import type { LogSigner } from './log-signer.js';
import type { Payload } from './payload-store.js';

export interface AuditLogOptions {
  /** Holds `log/` (published), `wal/`, `payloads/` and `unclean/`. One process at a time. */
  readonly folder: string;
  /** `edge-blueprints.example/ward/{site}/{ward}`; the verifier is configured with it. */
  readonly origin: string;
  /** One, or two while a key is being replaced. */
  readonly signers: readonly [LogSigner, ...LogSigner[]];
  /** Id of this start of the process; never used before. */
  readonly boot: string;
  readonly clock: Clock;
  readonly clockState: () => ClockState;
  readonly logger: Logger;
  readonly policy?: Partial<CheckpointPolicy>;
  /** For salts. Absent: the system's. */
  readonly randomBytes?: (count: number) => Uint8Array;
  readonly walSegmentBytes?: number;
  /** Entries that may wait for tiles while these cannot be written; then the log takes no more. */
  readonly maxUnpublished?: number;
  /** Drafts that may wait for the disk. */
  readonly maxWaiting?: number;
  readonly openFile?: OpenAppendFile;
}

export interface StoredEntry {
  readonly entry: AuditEntry;
  /** Canonical bytes: what the leaf is the hash of. */
  readonly bytes: Buffer;
  readonly leaf: Buffer;
}

export interface InclusionProof {
  readonly seq: number;
  readonly entry: StoredEntry;
  /** The leaf's sibling first. */
  readonly path: readonly Buffer[];
  readonly checkpoint: Checkpoint;
}

export interface AuditLogStatus {
  /** Entries on disk, and those under the newest checkpoint. */
  readonly size: number;
  readonly checkpointSize: number;
  readonly refused: number;
  /** Message of the last failure; undefined while the disk takes everything. */
  readonly fault: string | undefined;
}

export interface AuditLog extends AuditTrail {
  readonly origin: string;
  status(): AuditLogStatus;
  newestCheckpoint(): Checkpoint;
  /** Signs what is on disk now. @throws DeviceError `audit.write` */
  checkpoint(): Promise<Checkpoint>;
  /** Called after each checkpoint, and again with the same one while the log is idle. @returns takes the listener away */
  onCheckpoint(listener: (checkpoint: Checkpoint) => void): () => void;
  /** Adds a witness's signature lines to a checkpoint of this log. */
  addSignatures(checkpoint: Checkpoint): Promise<void>;
  /** Proof of one entry under the newest checkpoint. @throws UsageError `audit.range` */
  prove(seq: number): Promise<InclusionProof>;
  /** Hashes that show that the newest checkpoint continues a log of that size. */
  proveConsistency(oldSize: number, size?: number): Promise<readonly Buffer[]>;
  /** Entries under the newest checkpoint, `to` left out. Pruned ones end it with `audit.damaged`. */
  read(range: { readonly from: number; readonly to?: number }): AsyncGenerator<StoredEntry>;
  payload(seq: number): Promise<Payload | undefined>;
  /** Records who and why, then forgets the payloads. The entries stay. @returns how many were there */
  erasePayloads(seqs: readonly number[], by: Pick<AuditDraft, 'actor' | 'reason'>): Promise<number>;
  /** Retention: records the new minimum index, then removes full tiles below it. Nothing is rewritten. */
  raiseMinimumIndex(index: number, by: Pick<AuditDraft, 'actor' | 'reason'>): Promise<void>;
  /** Records the end, signs, and gives the folder free. */
  close(): Promise<void>;
}
