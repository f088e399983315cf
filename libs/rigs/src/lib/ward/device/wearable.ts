import {
  errorCode,
  wearableTopic,
  type Clock,
  type Random,
  type WearableChannel,
  type WearableIdentity,
} from '@edge-blueprints/contracts';
import type { MqttHandlers, MqttLink, MqttLinkOptions } from '@edge-blueprints/telemetry';
import type { PatientCharacter } from '../patient/patient-character.js';
import type { WardSecond } from '../patient/ward-patient.js';
import type { Reading } from '../sensor/vital-sensor.js';
import type { StrayMessage } from './hostile-messages.js';
import { accelerationPayload, statePayload, vitalPayload } from './payloads.js';
import { createSampleRing, type KeptSample, type RingCounts, type RingLimits } from './sample-ring.js';

/** How a wearable behaves beyond its usual manners; each may change at any time. */
export interface WearableFaults {
  /** Added to its clock. */
  readonly clockJumpMs: number;
  /** Sends every sample twice. */
  readonly duplicate: boolean;
  /** Sends samples up to 4 s late, so that they overtake each other. */
  readonly reorder: boolean;
  /** Repeats the values of the moment in which this began. */
  readonly stuck: boolean;
}

export const noFaults: WearableFaults = { clockJumpMs: 0, duplicate: false, reorder: false, stuck: false };

export interface WearableCounts extends RingCounts {
  /** Tries that the broker did not acknowledge. */
  readonly failed: number;
  readonly strays: number;
  readonly boots: number;
}

export interface WearableDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** Fresh at every start of the device: `[a-z0-9]{1,32}`. */
  readonly newBoot: () => string;
  readonly connect: (
    options: Pick<MqttLinkOptions, 'clientId' | 'will'>,
    handlers: Pick<MqttHandlers, 'onConnect' | 'onDisconnect'>,
  ) => Pick<MqttLink, 'publish' | 'connected' | 'close'>;
  readonly onConnected?: (connected: boolean) => void;
}

export interface WearableOptions {
  readonly identity: WearableIdentity;
  readonly character: PatientCharacter;
  /** Seconds between two samples of respiration; 0 for a device without it. */
  readonly respirationEveryS: number;
  /** Samples of the time without a connection that are sent again in one second, beside the new ones. */
  readonly replayPerSecond: number;
  readonly ring?: RingLimits;
}

export interface Wearable {
  readonly identity: WearableIdentity;
  /** Makes and sends the samples of one second. @param xyz one second of acceleration, undefined for a device without it */
  take(second: WardSecond, hz: number, xyz: Int16Array | undefined): void;
  /** Sends what waits, within its pace. @param elapsedMs since the last call */
  replay(elapsedMs: number): void;
  set(faults: Partial<WearableFaults>): void;
  stray(messages: (boot: string, seq: number) => readonly StrayMessage[]): Promise<number>;
  /** Starts again with another boot number; what was kept is lost. */
  reboot(): Promise<void>;
  counts(): WearableCounts;
  /** Highest number used so far, -1 before the first, and the boot it belongs to. */
  readonly last: () => { readonly boot: string; readonly seq: number };
  close(): Promise<void>;
}

/** Samples that may be on the way at once: more means that the broker does not keep up. */
const maxOnTheWay = 64;
/** Replay is paced by the broker's answers as well: what is new must not stand in line behind it. */
const maxReplayed = 8;
const heldBackLimit = 64;

/**
 * A wearable as a program: one MQTT session, QoS 1, samples with one running number over all channels, a retained state with a
 * last will, a ring that keeps a sample until the broker has acknowledged it. What is new goes first; what waits follows at a
 * pace, the oldest first, with its original number and time.
 */
export function createWearable(options: WearableOptions, deps: WearableDeps): Wearable {
  const { identity, character, respirationEveryS } = options;
  const { clock, random } = deps;
  const startedMs = clock.monotonicMs();
  let ring = createSampleRing(options.ring);
  let boot = deps.newBoot();
  let seq = -1;
  let faults = noFaults;
  let onTheWay = 0;
  let allowance = 0;
  let saidState = '';
  let stuckAt: Pick<WardSecond, 'pulse' | 'spo2' | 'respiration'> | undefined;
  const heldBack: { readonly dueMs: number; readonly sample: KeptSample }[] = [];
  const counts = { failed: 0, strays: 0, boots: 1 };
  let past: RingCounts = { made: 0, sends: 0, acknowledged: 0, dropped: 0, waiting: 0 };
  let latest: WardSecond | undefined;

  const deviceMs = (): number => {
    const upMs = clock.monotonicMs() - startedMs;
    const { offsetMs, driftPpm } = character.clock;
    return Math.round(clock.epochMs() + offsetMs + (upMs * driftPpm) / 1e6 + faults.clockJumpMs);
  };
  const state = (): string =>
    statePayload({
      boot,
      online: true,
      tDevMs: deviceMs(),
      batteryPercent: latest?.batteryPercent ?? Math.round(character.battery.startPercent),
      lead: latest?.lead ?? 'on',
      firmware: 'rendered-1',
    });
  const open = () => {
    const mine = boot;
    return deps.connect(
      {
        clientId: `${identity.site}.${identity.device}`,
        will: {
          topic: wearableTopic(identity, 'state'),
          payload: Buffer.from(statePayload({ boot: mine, online: false })),
        },
      },
      {
        onConnect() {
          deps.onConnected?.(true);
          saidState = '';
          tellState();
        },
        onDisconnect: () => deps.onConnected?.(false),
      },
    );
  };
  let link = open();

  const tellState = (): void => {
    if (!link.connected()) return;
    const key = `${latest?.lead} ${latest?.batteryPercent}`;
    if (key === saidState) return;
    saidState = key;
    link.publish(wearableTopic(identity, 'state'), Buffer.from(state()), { retain: true }).catch(() => {
      saidState = '';
    });
  };
  const send = async (of: typeof ring, { seq: number, channel, payload }: KeptSample): Promise<void> => {
    onTheWay += 1;
    try {
      await link.publish(wearableTopic(identity, channel), Buffer.from(payload), { retain: false });
      of.acknowledge(number);
    } catch (error) {
      counts.failed += 1;
      // Too large or refused for good would come back for ever.
      if (errorCode(error) === 'mqtt.too-large') of.acknowledge(number);
      else of.giveBack(number);
    } finally {
      onTheWay -= 1;
    }
  };
  const sendNow = (sample: KeptSample): void => {
    if (!link.connected() || onTheWay >= maxOnTheWay || !ring.take(sample.seq)) return;
    void send(ring, sample);
    if (faults.duplicate)
      link
        .publish(wearableTopic(identity, sample.channel), Buffer.from(sample.payload), { retain: false })
        .catch(() => undefined);
  };
  const make = (
    channel: WearableChannel,
    write: (key: { boot: string; seq: number; tDevMs: number }) => string,
  ): void => {
    seq += 1;
    const madeMs = clock.monotonicMs();
    const sample: KeptSample = { seq, channel, payload: write({ boot, seq, tDevMs: deviceMs() }), madeMs };
    ring.add(sample);
    if (!faults.reorder || heldBack.length >= heldBackLimit) sendNow(sample);
    else heldBack.push({ dueMs: madeMs + 4_000 * random.next(), sample });
  };
  const vital = (channel: WearableChannel, reading: Reading): void =>
    make(channel, (key) => vitalPayload(key, reading));

  return {
    identity,
    take(second, hz, xyz) {
      latest = second;
      if (!faults.stuck) stuckAt = undefined;
      else stuckAt ??= second;
      const { pulse, spo2, respiration } = stuckAt ?? second;
      vital('hr', pulse);
      vital('spo2', spo2);
      if (respirationEveryS > 0 && Math.floor(second.atMs / 1_000) % respirationEveryS === 0) vital('rr', respiration);
      if (xyz) make('acc', (key) => accelerationPayload(key, hz, xyz));
      tellState();
    },
    replay(elapsedMs) {
      const now = clock.monotonicMs();
      for (let at = heldBack.length - 1; at >= 0; at--) {
        const held = heldBack[at];
        if (held === undefined || held.dueMs > now) continue;
        heldBack.splice(at, 1);
        sendNow(held.sample);
      }
      allowance = Math.min(options.replayPerSecond, allowance + (options.replayPerSecond * elapsedMs) / 1_000);
      // Held back samples are kept by the ring as well: they go when their time has come, not before.
      while (heldBack.length === 0 && allowance >= 1 && link.connected() && onTheWay < maxReplayed) {
        const sample = ring.next();
        if (sample === undefined) return;
        allowance -= 1;
        void send(ring, sample);
      }
    },
    set: (change) => void (faults = { ...faults, ...change }),
    async stray(messages) {
      let sent = 0;
      for (const { topic, payload, retain } of messages(boot, seq + 1)) {
        counts.strays += 1;
        const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
        await link.publish(topic, bytes, { retain: retain ?? false }).then(
          () => (sent += 1),
          () => undefined,
        );
      }
      return sent;
    },
    async reboot() {
      const old = link;
      ring.lose();
      heldBack.length = 0;
      const { made, sends, acknowledged, dropped } = ring.counts();
      past = {
        made: past.made + made,
        sends: past.sends + sends,
        acknowledged: past.acknowledged + acknowledged,
        dropped: past.dropped + dropped,
        waiting: 0,
      };
      ring = createSampleRing(options.ring);
      boot = deps.newBoot();
      seq = -1;
      counts.boots += 1;
      await old.close();
      link = open();
    },
    counts() {
      const now = ring.counts();
      return {
        made: past.made + now.made,
        sends: past.sends + now.sends,
        acknowledged: past.acknowledged + now.acknowledged,
        dropped: past.dropped + now.dropped,
        waiting: now.waiting,
        ...counts,
      };
    },
    last: () => ({ boot, seq }),
    close: () => link.close(),
  };
}
