import type { AuditDraft, AuditEntry, Clock } from '@edge-blueprints/contracts';
import { UsageError } from '@edge-blueprints/contracts';
import { canonicalJson } from './canonical-json.js';
import { commitmentOf, type Payload } from './payload-store.js';

/** Entry bundles hold lengths of two bytes. */
export const maxEntryBytes = 65_535;
/** A wall clock that moved further than this against the monotonic one is a step that is declared. */
export const maxDriftMs = 500;

export type ClockState = AuditEntry['clock'];

export interface StampedEntry {
  readonly entry: AuditEntry;
  readonly bytes: Buffer;
  readonly payload: Payload | undefined;
}

export interface EntryStamp {
  /** @throws UsageError `audit.entry-size`, `audit.canonical` */
  stamp(draft: AuditDraft, seq: number): StampedEntry;
  /** The entry that declares a step, where the wall clock has moved; said again until `stepDeclared`. */
  clockStep(): AuditDraft | undefined;
  stepDeclared(): void;
}

export const systemActor = { id: 'audit-log', role: 'system' } as const;

/** Adds number, boot and clocks to what callers say, and puts payloads behind a salted commitment. */
export function createEntryStamp(options: {
  readonly origin: string;
  readonly boot: string;
  readonly clock: Clock;
  readonly clockState: () => ClockState;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Wall time of the newest entry of the boots before, where there is one. */
  readonly lastWallMs: number | undefined;
}): EntryStamp {
  const { origin, boot, clock } = options;
  const startMs = clock.monotonicMs();
  let offsetMs = Math.max(clock.epochMs(), 0) - startMs;
  let backMs = options.lastWallMs === undefined ? 0 : options.lastWallMs - clock.epochMs();
  return {
    stamp: ({ payload, ...said }, seq) => {
      const stored = payload === undefined ? undefined : { seq, salt: hex(options.randomBytes(32)), payload };
      const state = options.clockState();
      const entry: AuditEntry = {
        v: 1,
        origin,
        seq,
        boot,
        tWall: new Date(clock.epochMs()).toISOString(),
        tMonoMs: Math.floor(clock.monotonicMs() - startMs),
        clock: { ...state, offsetMs: Math.round(state.offsetMs) },
        ...said,
        ...(stored === undefined ? {} : { payloadCommit: commitmentOf(stored) }),
      };
      const bytes = Buffer.from(canonicalJson(entry));
      if (bytes.length > maxEntryBytes)
        throw new UsageError(
          'audit.entry-size',
          `An entry ${said.type} of ${bytes.length} bytes is larger than ${maxEntryBytes}: put what is long into its payload`,
        );
      return { entry, bytes, payload: stored };
    },
    clockStep: () => {
      const now = clock.epochMs() - clock.monotonicMs();
      const movedMs = Math.round(backMs > maxDriftMs ? -backMs : now - offsetMs);
      if (Math.abs(movedMs) <= maxDriftMs) return undefined;
      return {
        type: 'clock.step',
        actor: systemActor,
        action: 'observe',
        outcome: 'success',
        links: { movedMs: String(movedMs) },
      };
    },
    stepDeclared: () => {
      offsetMs = clock.epochMs() - clock.monotonicMs();
      backMs = 0;
    },
  };
}

/** Texts come from people and devices: half of a surrogate pair is shown as the character for what cannot be read. */
export function cleanDraft(draft: AuditDraft): AuditDraft {
  const { payload, ...said } = draft;
  const clean: AuditDraft = JSON.parse(JSON.stringify(said, (_name, value: unknown) => cleaned(value)));
  return payload === undefined ? clean : { ...clean, payload };
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\p{Surrogate}/gu, '\uFFFD');
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new UsageError(
      'audit.canonical',
      `An entry holds the number ${value}: numbers in the trail are integers or texts`,
    );
  return value;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
