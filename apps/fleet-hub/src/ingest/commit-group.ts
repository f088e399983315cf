import { identityName } from '@edge-blueprints/contracts';
import type { DeviceIdentity, SequenceRange } from '@edge-blueprints/contracts';
import { addFleetChanges } from '../store/fleet-change.js';
import type { SqlSession } from '../store/sql-store.js';
import { withRefused } from './acknowledge.js';
import { correctedTime, linkClock, senderBoot } from './clock-correction.js';
import type { ClockLink } from './clock-correction.js';
import type { DecodedBatch } from './decode-batch.js';
import type { DeviceLimits } from './device-limits.js';
import { lockDevices, maxEpochs } from './device-lock.js';
import type { LockedDevice } from './device-lock.js';
import { ofType } from './fresh-event.js';
import type { FreshEvent } from './fresh-event.js';
import { groupedBy } from './grouped-by.js';
import { isIn } from './number-ranges.js';
import { writeQuarantine } from './quarantine.js';
import type { QuarantinedItem } from './quarantine.js';
import type { SeriesNumbers } from './series-numbers.js';
import { knownNumbers, streamKey, widenStreams } from './stream-numbers.js';
import type { StreamAddition } from './stream-numbers.js';
import { updateOf, writeDevices } from './update-devices.js';
import type { DeviceNews, StatusMessage } from './update-devices.js';
import { writeEvents } from './write-events.js';
import { writeMetrics } from './write-metrics.js';
import { writeReleases } from './write-releases.js';
import { writeWatch } from './write-watch.js';

/** What one transaction takes in. */
export interface IngestGroup {
  readonly batches: readonly DecodedBatch[];
  readonly statuses: readonly (StatusMessage & { readonly identity: DeviceIdentity })[];
  /** Payloads that were no batch. */
  readonly payloads: readonly QuarantinedItem[];
}

/** An audit event of a device, for the hub's own list. */
export interface DeviceAudit {
  readonly identity: DeviceIdentity;
  readonly atMs: number;
  readonly who: string;
  readonly action: string;
  readonly target: string;
  readonly reason: string;
}

export interface CommitGroupDeps {
  readonly limits: DeviceLimits;
  readonly series: SeriesNumbers;
  /** Appends to the hub's audit in the same transaction. */
  readonly appendAudit: (session: SqlSession, entries: readonly DeviceAudit[]) => Promise<void>;
}

export interface GroupOutcome {
  /** The batches as they were taken in, for the acknowledgements. */
  readonly batches: readonly DecodedBatch[];
  readonly taken: number;
  readonly duplicates: number;
  /** The code of each event that was set aside for the first time. */
  readonly setAside: readonly string[];
  readonly lateDeaths: number;
}

/**
 * Writes a group inside of one transaction. The order of its parts does not matter for the outcome, and a part that was
 * written before changes nothing: the numbers of each sequence decide.
 */
export async function commitGroup(
  session: SqlSession,
  group: IngestGroup,
  nowMs: number,
  deps: CommitGroupDeps,
): Promise<GroupOutcome> {
  const devices = await lockDevices(
    session,
    [...group.batches, ...group.statuses].map(({ identity }) => identity),
    nowMs,
  );
  const batches = group.batches.map((batch) => withoutSurplusEpochs(batch, devices.get(identityName(batch.identity))));
  const clocks = new Map<number, ClockLink>();
  const { fresh, duplicates } = await freshEvents(session, batches, devices, clocks);
  await writeEvents(session, fresh);
  await writeReleases(session, fresh);
  await writeMetrics(session, fresh, deps.series);
  await widenStreams(session, additionsOf(fresh), nowMs);
  await writeQuarantine(session, group.payloads);
  const refused = batches.flatMap(quarantinedOf);
  const setAside = await writeQuarantine(session, refused);
  const news = newsOf({ ...group, batches }, devices, fresh, clocks, setAside);
  const updates = news.map((each) => updateOf(each, deps.limits));
  await writeDevices(session, updates);
  await writeWatch(session, fresh);
  const audits = ofType(fresh, 'edge-blueprints.audit.v1').map(({ event, atMs, deviceId }) => {
    const { site = '', device = '' } = [...devices.values()].find((row) => row.id === deviceId) ?? {};
    return { identity: { site, device }, atMs, ...event.data };
  });
  if (audits.length > 0) await deps.appendAudit(session, audits);
  await addFleetChanges(
    session,
    updates.flatMap(({ changes }) => changes),
  );
  return {
    batches,
    taken: fresh.length,
    duplicates: duplicates + refused.length - setAside.length,
    setAside: setAside.map(({ code }) => code),
    lateDeaths: updates.reduce((sum, update) => sum + update.lateDeaths, 0),
  };
}

/** Refuses what would begin one sequence too many; the proof of the others stays readable. */
function withoutSurplusEpochs(batch: DecodedBatch, row: LockedDevice | undefined): DecodedBatch {
  const epochs = new Set(row?.epochs);
  const takes = (event: DecodedBatch['events'][number]): boolean => {
    const named = event.type === 'edge-blueprints.gap.v1' ? [event.epoch, event.data.epoch] : [event.epoch];
    const fits = new Set([...epochs, ...named]).size <= Math.max(maxEpochs, epochs.size);
    if (fits) for (const epoch of named) epochs.add(epoch);
    return fits;
  };
  const events = batch.events.filter(takes);
  if (events.length === batch.events.length) return batch;
  const surplus = { ...batch, refused: [], events: batch.events.filter((event) => !events.includes(event)) };
  const { refused } = withRefused(surplus, 'hub.epochs-full', `the device has begun ${maxEpochs} sequences already`);
  return { ...batch, events, refused: [...batch.refused, ...refused] };
}

async function freshEvents(
  session: SqlSession,
  batches: readonly DecodedBatch[],
  devices: ReadonlyMap<string, LockedDevice>,
  clocks: Map<number, ClockLink>,
): Promise<{ readonly fresh: readonly FreshEvent[]; readonly duplicates: number }> {
  const asked = new Map<string, { readonly deviceId: number; readonly epoch: string; readonly numbers: Set<number> }>();
  for (const { identity, events } of batches) {
    const row = devices.get(identityName(identity));
    for (const { epoch, sequence } of row === undefined ? [] : events) {
      const key = streamKey(row?.id ?? 0, epoch);
      const stream = asked.get(key) ?? { deviceId: row?.id ?? 0, epoch, numbers: new Set<number>() };
      stream.numbers.add(sequence);
      asked.set(key, stream);
    }
  }
  const known = await knownNumbers(session, [...asked.values()]);
  const seen = new Set<string>();
  const fresh: FreshEvent[] = [];
  let duplicates = 0;
  for (const { identity, events, receivedAtMs } of batches) {
    const row = devices.get(identityName(identity));
    if (row === undefined) continue;
    const link = clockOf(row, events, receivedAtMs, clocks);
    for (const event of events) {
      const key = streamKey(row.id, event.epoch);
      const one = `${key} ${event.sequence}`;
      if (seen.has(one) || isIn(known.get(key) ?? [], event.sequence) || link === undefined) {
        duplicates += 1;
        continue;
      }
      seen.add(one);
      const { atMs, quality } = correctedTime(event, link, receivedAtMs);
      fresh.push({ deviceId: row.id, event, atMs, clock: quality, receivedAtMs });
    }
  }
  return { fresh, duplicates };
}

/** The clock of the process that sent a batch. */
function clockOf(
  row: LockedDevice,
  events: DecodedBatch['events'],
  receivedAtMs: number,
  clocks: Map<number, ClockLink>,
): ClockLink | undefined {
  const [first] = events;
  const boot = senderBoot(events, row.boot);
  if (first === undefined || boot === undefined) return undefined;
  const { sentuptimems, senttime } = first;
  const link = linkClock(clocks.get(row.id) ?? row.clock, { boot, sentuptimems, senttime }, receivedAtMs);
  clocks.set(row.id, link);
  return link;
}

function additionsOf(fresh: readonly FreshEvent[]): readonly StreamAddition[] {
  const additions = new Map<
    string,
    { deviceId: number; epoch: string; delivered: Set<number>; declared: SequenceRange[] }
  >();
  const stream = (deviceId: number, epoch: string) => {
    const key = streamKey(deviceId, epoch);
    const found = additions.get(key) ?? { deviceId, epoch, delivered: new Set<number>(), declared: [] };
    additions.set(key, found);
    return found;
  };
  for (const { deviceId, event } of fresh) stream(deviceId, event.epoch).delivered.add(event.sequence);
  for (const { deviceId, event } of ofType(fresh, 'edge-blueprints.gap.v1'))
    stream(deviceId, event.data.epoch).declared.push(...event.data.ranges);
  return [...additions.values()];
}

function newsOf(
  group: IngestGroup,
  devices: ReadonlyMap<string, LockedDevice>,
  fresh: readonly FreshEvent[],
  clocks: ReadonlyMap<number, ClockLink>,
  setAside: readonly (DeviceIdentity & { readonly code: string })[],
): readonly DeviceNews[] {
  const freshByDevice = groupedBy(fresh, ({ deviceId }) => deviceId);
  const batchesByName = groupedBy(group.batches, ({ identity }) => identityName(identity));
  const setAsideByName = groupedBy(setAside, identityName);
  const statusesByName = groupedBy(group.statuses, ({ identity }) => identityName(identity));
  return [...devices].map(([name, row]) => {
    const batches = batchesByName.get(name) ?? [];
    return {
      row,
      fresh: freshByDevice.get(row.id) ?? [],
      statuses: statusesByName.get(name) ?? [],
      clock: clocks.get(row.id) ?? null,
      receivedAtMs: batches.length === 0 ? null : Math.max(...batches.map(({ receivedAtMs }) => receivedAtMs)),
      setAsideCodes: (setAsideByName.get(name) ?? []).map(({ code }) => code),
    };
  });
}

function quarantinedOf({ identity, receivedAtMs, refused }: DecodedBatch): readonly QuarantinedItem[] {
  return refused.map(({ number, code, problem, raw }) => ({
    identity,
    atMs: receivedAtMs,
    number,
    code,
    problem,
    raw: new TextEncoder().encode(raw),
  }));
}
