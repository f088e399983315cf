import { type AuditTrail, parseWearableTopic } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { decimalText } from '../scores/news2/decimal.js';
import type { AssociationBook } from './association-book.js';
import { type Decoded, decodePayload } from './decode-payload.js';
import { createLagEstimate, type LagEstimate } from './lag-estimate.js';
import { createRejectionLog } from './rejections.js';
import { createSequenceTracker, type SequenceTracker } from './sequence-tracker.js';
import type { SampleOrigin, WardEvent } from './ward-event.js';

export const ingestSettingsSchema = z.strictObject({
  /** A number of a device that is missing for longer is counted as lost. */
  reorderMs: z.int().min(100).max(60_000).default(5_000),
  /** Samples that waited longer are history: they never sound. */
  replayedMs: z.int().min(5_000).max(600_000).default(60_000),
  clockFlaggedMs: z.int().min(100).default(2_000),
  clockIgnoredMs: z.int().min(100).default(30_000),
  mostDevices: z.int().min(1).max(5_000).default(500),
});
export type IngestSettings = Readonly<z.infer<typeof ingestSettingsSchema>>;

const zeroCounters = {
  received: 0,
  accepted: 0,
  /** Of these, what is no state of a device. */
  samples: 0,
  foreignTopic: 0,
  rejected: 0,
  duplicate: 0,
  tooOld: 0,
  late: 0,
  recovered: 0,
  lost: 0,
  replayed: 0,
  unassigned: 0,
  staleState: 0,
  clockSteps: 0,
};
export type IngestCounter = keyof typeof zeroCounters;

/** What is known of a wearable's clock, for the next life of the gateway. */
export interface KnownClock {
  readonly device: string;
  readonly boot: string;
  /** Journal clock less the device's, without any wait. */
  readonly offsetMs: number;
}

export interface Ingest {
  /**
   * @param receivedMs gateway's clock, monotonic @param wallMs wall clock of the same moment, only to judge the device's clock
   * @returns undefined for what is not used: it is counted, and told to the trail where it was malformed
   */
  receive(topic: string, payload: Uint8Array, receivedMs: number, wallMs?: number): WardEvent | undefined;
  /** Counts what stayed away; call it about once a second. */
  tick(nowMs: number): void;
  clocks(): readonly KnownClock[];
  counters(): Readonly<Record<IngestCounter | 'unwritten', number>>;
}

export interface IngestOptions {
  readonly site: string;
  readonly ward: string;
  readonly settings: IngestSettings;
  readonly book: Pick<AssociationBook, 'bedOf'>;
  readonly trail: AuditTrail;
  readonly restored?: readonly KnownClock[];
}

interface BootState {
  readonly sequence: SequenceTracker;
  readonly lag: LagEstimate;
}

interface DeviceState {
  /** The start that spoke last; a will of an earlier one says nothing. */
  boot: string;
  readonly boots: Map<string, BootState>;
}

const bootsKept = 3;
const clockStepMs = 500;
const parameters = { hr: 'pulse', spo2: 'oxygenSaturation', rr: 'respiration' } as const;

/** Turns what wearables publish into events of the ward, each sample once. Live samples are never held back for a missing one. */
export function createIngest({ site, ward, settings, book, trail, restored = [] }: IngestOptions): Ingest {
  const before = new Map(restored.map(({ device, boot, offsetMs }) => [`${device} ${boot}`, offsetMs]));
  const devices = new Map<string, DeviceState>();
  const rejections = createRejectionLog({ trail, everyMs: 60_000, mostSenders: settings.mostDevices });
  const counts = { ...zeroCounters };

  const bootOf = (device: string, boot: string): BootState | undefined => {
    const known = devices.get(device) ?? { boot, boots: new Map<string, BootState>() };
    if (!devices.has(device)) {
      if (devices.size >= settings.mostDevices) return undefined;
      devices.set(device, known);
    }
    const state = known.boots.get(boot) ?? {
      sequence: createSequenceTracker(settings),
      lag: createLagEstimate({
        ...{ stepMs: settings.clockFlaggedMs, windowMs: 600_000, longestReplayMs: 120_000 },
        startOffsetMs: before.get(`${device} ${boot}`),
      }),
    };
    if (!known.boots.has(boot)) {
      known.boots.set(boot, state);
      known.boot = boot;
      for (const old of known.boots.keys()) if (known.boots.size > bootsKept && old !== boot) known.boots.delete(old);
    }
    return state;
  };
  const reject = (sender: string, why: string, text: string, atMs: number): undefined => {
    counts.rejected += 1;
    rejections.note(sender, why, text, atMs);
  };

  const originOf = (
    device: string,
    key: { readonly boot: string; readonly seq: number; readonly tDevMs: number },
    receivedMs: number,
    wallMs: number,
  ): SampleOrigin | undefined => {
    const state = bootOf(device, key.boot);
    if (state === undefined)
      return reject(`device/${device}`, 'overload', `more than ${settings.mostDevices} devices`, receivedMs);
    const verdict = state.sequence.note(key.seq, receivedMs);
    if (verdict === 'duplicate' || verdict === 'too-old') {
      counts[verdict === 'duplicate' ? 'duplicate' : 'tooOld'] += 1;
      return undefined;
    }
    const { lagMs, stepped } = state.lag.note(key.tDevMs, receivedMs, verdict === 'newest');
    const measuredMs = receivedMs - Math.round(lagMs);
    const order = lagMs > settings.replayedMs ? 'replayed' : verdict === 'newest' ? 'live' : 'late';
    const skewMs = Math.abs(wallMs - lagMs - key.tDevMs);
    const bed = book.bedOf(device, measuredMs);
    if (order !== 'live') counts[order] += 1;
    if (verdict === 'recovered') counts.recovered += 1;
    if (stepped) counts.clockSteps += 1;
    if (bed === undefined) counts.unassigned += 1;
    return {
      device,
      ...(bed === undefined ? {} : { bed }),
      id: `${device}/${key.boot}/${key.seq}`,
      seq: key.seq,
      receivedMs,
      measuredMs,
      deviceMs: key.tDevMs,
      order,
      deviceClock:
        skewMs > settings.clockIgnoredMs ? 'ignored' : stepped || skewMs > settings.clockFlaggedMs ? 'flagged' : 'good',
    };
  };

  const eventOf = (
    device: string,
    channel: 'hr' | 'spo2' | 'rr' | 'acc' | 'state',
    decoded: Exclude<Decoded, { kind: 'rejected' }>,
    receivedMs: number,
    wallMs: number,
  ): WardEvent | undefined => {
    if (decoded.kind === 'state') {
      const known = devices.get(device);
      if (!decoded.state.online && known !== undefined && known.boot !== decoded.state.boot) {
        counts.staleState += 1;
        return undefined;
      }
      if (bootOf(device, decoded.state.boot) === undefined)
        return reject(`device/${device}`, 'overload', `more than ${settings.mostDevices} devices`, receivedMs);
      const bed = book.bedOf(device, receivedMs);
      return { kind: 'state', device, ...(bed === undefined ? {} : { bed }), receivedMs, state: decoded.state };
    }
    const origin = originOf(device, decoded.kind === 'vital' ? decoded.sample : decoded.batch, receivedMs, wallMs);
    if (origin === undefined) return undefined;
    if (decoded.kind === 'acceleration')
      return { ...origin, kind: 'acceleration', hz: decoded.batch.hz, xyzG: decoded.xyzG };
    if (channel === 'acc' || channel === 'state') return undefined;
    const { v, q, status } = decoded.sample;
    const value = v === null ? undefined : decimalText(v);
    return {
      ...origin,
      kind: 'vital',
      parameter: parameters[channel],
      ...(value === undefined ? {} : { value }),
      quality: q,
      status,
    };
  };

  return {
    receive(topic, payload, receivedMs, wallMs = receivedMs) {
      counts.received += 1;
      const from = parseWearableTopic(topic);
      if (from === undefined || from.site !== site || from.ward !== ward || from.channel === 'cmd') {
        counts.foreignTopic += 1;
        return undefined;
      }
      const decoded = decodePayload(from.channel, payload);
      if (decoded.kind === 'rejected') return reject(`device/${from.device}`, decoded.why, decoded.text, receivedMs);
      const event = eventOf(from.device, from.channel, decoded, receivedMs, wallMs);
      if (event !== undefined) counts.accepted += 1;
      if (event !== undefined && event.kind !== 'state') counts.samples += 1;
      return event;
    },
    tick(nowMs) {
      for (const { boots } of devices.values())
        for (const { sequence } of boots.values()) counts.lost += sequence.expire(nowMs);
      rejections.tick(nowMs);
    },
    clocks: () =>
      [...devices].flatMap(([device, { boot, boots }]) => {
        const offsetMs = boots.get(boot)?.lag.offsetMs();
        // Coarse, so that the snapshot does not change with every sample; never below, so that nothing live looks late.
        return offsetMs === undefined
          ? []
          : [{ device, boot, offsetMs: Math.ceil(offsetMs / clockStepMs) * clockStepMs }];
      }),
    counters: () => ({ ...counts, unwritten: rejections.unwritten }),
  };
}
