import { createHash } from 'node:crypto';
import type { CfxEnvelope } from './units-inspected-schema.js';

export interface MesState {
  /** Distinct messages taken over. */
  readonly received: number;
  /** The same message again; acknowledged again, not counted again. */
  readonly duplicates: number;
  /** A known identity with other content. */
  readonly conflicts: number;
  readonly invalid: number;
  /** Units of the distinct messages. */
  readonly units: number;
  readonly passed: number;
  readonly failed: number;
  readonly errors: number;
  /** Units that were reported before, by another message: a second inspection or a part number used twice. */
  readonly repeatedUnits: number;
  /** Units that a person judged again, by the result of that. They are not counted among `units`. */
  readonly overruledToPassed: number;
  readonly overruledToFailed: number;
  /** Of those, units that no machine had reported before. */
  readonly overruledUnknown: number;
  readonly defects: Readonly<Record<string, number>>;
}

/** One message as it is remembered: enough to know it again and to count it. */
export interface DeliveryEntry {
  readonly uniqueId: string;
  readonly transactionId: string;
  readonly digest: string;
  readonly units: readonly { readonly id: string; readonly result: 'Passed' | 'Failed' | 'Error' | 'Aborted' }[];
  readonly defects: Readonly<Record<string, number>>;
  /** By a person, about units that a machine judged before. */
  readonly human: boolean;
}

export type Delivery =
  | { readonly kind: 'new'; readonly entry: DeliveryEntry }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'conflict'; readonly reason: string };

/** Exactly once, as the receiver sees it: by envelope and by transaction, whichever a sender repeats. */
export interface DeliveryBook {
  judge(envelope: CfxEnvelope): Delivery;
  /** Counts a new entry; call it after it is stored. */
  enter(entry: DeliveryEntry): void;
  countInvalid(): void;
  state(): MesState;
}

export function createDeliveryBook(): DeliveryBook {
  const byUniqueId = new Map<string, DeliveryEntry>();
  const byTransaction = new Map<string, DeliveryEntry>();
  const units = new Set<string>();
  const counts = {
    duplicates: 0,
    conflicts: 0,
    invalid: 0,
    units: 0,
    passed: 0,
    failed: 0,
    errors: 0,
    repeatedUnits: 0,
    overruledToPassed: 0,
    overruledToFailed: 0,
    overruledUnknown: 0,
  };
  const defects: Record<string, number> = {};
  return {
    judge(envelope) {
      const entry = entryOf(envelope);
      const known = byUniqueId.get(entry.uniqueId) ?? byTransaction.get(entry.transactionId);
      if (!known) return { kind: 'new', entry };
      if (known.digest === entry.digest) {
        counts.duplicates += 1;
        return { kind: 'duplicate' };
      }
      counts.conflicts += 1;
      const by =
        known.uniqueId === entry.uniqueId ? `UniqueID ${entry.uniqueId}` : `TransactionId ${entry.transactionId}`;
      return { kind: 'conflict', reason: `${by} is known with other content` };
    },
    enter(entry) {
      byUniqueId.set(entry.uniqueId, entry);
      byTransaction.set(entry.transactionId, entry);
      if (entry.human) {
        for (const unit of entry.units) {
          if (unit.result === 'Passed') counts.overruledToPassed += 1;
          else counts.overruledToFailed += 1;
          if (!units.has(unit.id)) counts.overruledUnknown += 1;
        }
        return;
      }
      for (const unit of entry.units) {
        counts.units += 1;
        if (units.has(unit.id)) counts.repeatedUnits += 1;
        units.add(unit.id);
        if (unit.result === 'Passed') counts.passed += 1;
        else if (unit.result === 'Failed') counts.failed += 1;
        else counts.errors += 1;
      }
      for (const [code, count] of Object.entries(entry.defects)) defects[code] = (defects[code] ?? 0) + count;
    },
    countInvalid() {
      counts.invalid += 1;
    },
    state: () => ({ received: byUniqueId.size, ...counts, defects: { ...defects } }),
  };
}

function entryOf({ UniqueID, MessageBody }: CfxEnvelope): DeliveryEntry {
  const defects: Record<string, number> = {};
  for (const unit of MessageBody.InspectedUnits) {
    for (const { DefectsFound } of unit.Inspections) {
      for (const { DefectCode } of DefectsFound) defects[DefectCode] = (defects[DefectCode] ?? 0) + 1;
    }
  }
  return {
    uniqueId: UniqueID.toLowerCase(),
    transactionId: MessageBody.TransactionId.toLowerCase(),
    // The body alone: a repeated message may carry the time of the repetition in its envelope.
    digest: createHash('sha256').update(canonical(MessageBody)).digest('hex'),
    units: MessageBody.InspectedUnits.map(({ UnitIdentifier, UnitPositionNumber, OverallResult }) => ({
      id: `${UnitIdentifier}#${UnitPositionNumber}`,
      result: OverallResult,
    })),
    defects,
    human: MessageBody.InspectionMethod === 'Human',
  };
}

/** JSON with sorted keys, so that the order in which a sender writes them does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
