import { join } from 'node:path';
import { parseConfig, partRecordSchema, type PartRecord } from '@edge-blueprints/contracts';
import { openRecordStore, type RecordStore } from '@edge-blueprints/telemetry';
import { cfxOverrule } from './cfx-overrule.js';
import { cfxUnitsInspected } from './cfx-units-inspected.js';
import type { PartStore, PartStoreStats } from './part-store-port.js';

export interface PartStoreOptions {
  readonly folder: string;
  readonly maxBytes: number;
  /** False when no MES is configured: then a record counts as delivered at once. */
  readonly forMes: boolean;
}

export interface OpenedPartStore extends PartStore {
  /** The messages that wait for the MES; `startMesDelivery` works them off. */
  readonly outbox: Pick<RecordStore, 'pending' | 'acknowledge' | 'fail' | 'stats'>;
  /** Counters that survive a restart. */
  readCounter(name: string): Promise<number>;
  writeCounter(name: string, value: number): Promise<void>;
}

/** How many of the newest parts the cost of a threshold is reckoned from. */
const scoredParts = 2_000;

/** Part records as durable documents, their pictures by content hash, their CFX message in the same transaction. */
export function openPartStore(options: PartStoreOptions): OpenedPartStore {
  const store = openRecordStore({ file: join(options.folder, 'parts.sqlite'), maxBytes: options.maxBytes });
  let latest: PartStoreStats = { parts: 0, bytes: 0, maxBytes: options.maxBytes, full: false, dropped: {} };
  const look = async (): Promise<void> => {
    const { records, bytes, maxBytes, full, evictedBlobs, evictedRecords, rejectedFull } = await store.stats();
    latest = { parts: records, bytes, maxBytes, full, dropped: { evictedBlobs, evictedRecords, rejectedFull } };
  };
  const read = (body: string): PartRecord => parseConfig(partRecordSchema, JSON.parse(body), 'a stored part record');
  return {
    async put(record, images) {
      await store
        .put({
          key: record.resultId,
          atEpochMs: Date.parse(record.capturedAt),
          tag: record.verdict,
          body: JSON.stringify(record),
          blobs: images.map(({ sha256, mime, bytes }) => ({
            sha256,
            mime,
            bytes,
            priority: record.verdict === 'pass' ? 'low' : 'high',
          })),
          message: options.forMes
            ? cfxUnitsInspected(
                record,
                images.filter((image) => image.role === 'crop'),
              )
            : null,
        })
        .finally(look);
    },
    async get(resultId) {
      const found = await store.get(resultId);
      return found && read(found.body);
    },
    async list({ limit, before, verdict }) {
      const sequence = before === undefined ? undefined : (await store.get(before))?.sequence;
      const rows = await store.list({
        limit,
        ...(sequence === undefined ? {} : { before: sequence }),
        ...(verdict === undefined ? {} : { tag: verdict }),
      });
      return rows.map((row) => read(row.body));
    },
    image: (sha256) => store.blob(sha256),
    async overrule(resultId, overrule) {
      const found = await store.get(resultId);
      if (!found) return undefined;
      const known = read(found.body);
      if (known.overrule?.verdict === overrule.verdict && known.overrule.reason === overrule.reason) return known;
      const amended = { ...known, overrule };
      const message = options.forMes ? cfxOverrule(amended) : null;
      return (await store.amend(resultId, JSON.stringify(amended), message)) ? amended : undefined;
    },
    async delivery(resultId) {
      if (!options.forMes) return { state: 'off', open: 0, attempts: 0, reason: null };
      const open = await store.undelivered(resultId);
      const state = open.some((each) => each.state === 'refused')
        ? 'refused'
        : open.length > 0
          ? 'waiting'
          : 'delivered';
      const [first] = open;
      return { state, open: open.length, attempts: first?.attempts ?? 0, reason: first?.reason ?? null };
    },
    async scores() {
      return (await store.list({ limit: scoredParts })).map((row) => scoresOf(read(row.body)));
    },
    readCounter: async (name) => Number((await store.readValue(name)) ?? 0),
    writeCounter: (name, value) => store.writeValue(name, String(value)),
    stats: () => latest,
    close: () => store.close(),
    outbox: store,
  };
}

function scoresOf(record: PartRecord) {
  const top = new Map<number, number>();
  for (const { classIndex, score } of record.detections) top.set(classIndex, Math.max(score, top.get(classIndex) ?? 0));
  return {
    resultId: record.resultId,
    verdict: record.verdict,
    topByClass: [...top].map(([classIndex, score]) => ({ classIndex, score })),
  };
}
