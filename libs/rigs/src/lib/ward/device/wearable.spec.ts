import {
  accelerationBatchSchema,
  createRandom,
  parseWearableTopic,
  vitalSampleSchema,
  wearableStateSchema,
  type Clock,
} from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patientCharacter } from '../patient/patient-character.js';
import { createWardPatient } from '../patient/ward-patient.js';
import { accelerationScale, createAcceleration } from '../sensor/acceleration.js';
import { hostileMessages, malformedMessages } from './hostile-messages.js';
import { createWearable } from './wearable.js';

interface Sent {
  readonly topic: string;
  readonly text: string;
  readonly retain: boolean;
}

/** A broker that takes what it is given, late, and now and then says nothing of it. */
function bench(options: { readonly lossyAck?: () => boolean } = {}) {
  let nowMs = 1_000;
  const clock: Clock = { monotonicMs: () => nowMs, epochMs: () => 1_700_000_000_000 + nowMs };
  const sent: Sent[] = [];
  let up = false;
  let announce: () => void = () => undefined;
  let will = '';
  const open = new Set<(error?: Error) => void>();
  const character = patientCharacter(7, 3);
  let boots = 0;
  const wearable = createWearable(
    {
      identity: { site: 'site-01', ward: 'ward-a', device: character.device },
      character,
      respirationEveryS: 1,
      replayPerSecond: 20,
      ring: { maxAgeMs: 40_000, maxSamples: 160 },
    },
    {
      clock,
      random: createRandom(1),
      newBoot: () => `boot${(boots += 1)}`,
      connect: (given, handlers) => {
        announce = () => handlers.onConnect();
        will = Buffer.from(given.will?.payload ?? []).toString();
        return {
          connected: () => up,
          close: async () => undefined,
          publish: (topic, payload, { retain }) =>
            new Promise<void>((resolve, reject) => {
              if (!up) return reject(new TypeError('offline'));
              sent.push({ topic, text: Buffer.from(payload).toString(), retain });
              const settle = (error?: Error): void => (error ? reject(error) : resolve());
              if (options.lossyAck?.() === true) open.add(settle);
              else settle();
            }),
        };
      },
    },
  );
  const patient = createWardPatient({ seed: 7, number: 3, dtS: 1, startHour: 9, stories: [] });
  const acceleration = createAcceleration(character, createRandom(5), 25);
  return {
    wearable,
    sent,
    will: () => will,
    setUp(next: boolean) {
      up = next;
      if (next) announce();
      else for (const settle of open) settle(new TypeError('offline'));
      if (!next) open.clear();
    },
    async second() {
      nowMs += 1_000;
      const row = patient.step(clock.epochMs());
      wearable.take(row, 25, acceleration(row.activity, row.vitals.respiration));
      await Promise.resolve();
      wearable.replay(1_000);
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
      return row;
    },
  };
}
const keys = (sent: readonly Sent[]): readonly number[] =>
  sent.flatMap(({ topic, text }) =>
    topic.endsWith('/state') ? [] : [vitalSampleSchema.or(accelerationBatchSchema).parse(JSON.parse(text)).seq],
  );

describe('a wearable', () => {
  it('sends pulse, SpO2, respiration, acceleration and a retained state that the contracts accept', async () => {
    const { wearable, sent, second, setUp, will } = bench();
    setUp(true);
    const rows = [await second(), await second(), await second()];
    const of = (channel: string): readonly unknown[] =>
      sent.filter(({ topic }) => parseWearableTopic(topic)?.channel === channel).map(({ text }) => JSON.parse(text));
    expect(of('hr').map((sample) => vitalSampleSchema.parse(sample).v)).toEqual(rows.map(({ pulse }) => pulse.v));
    expect(of('spo2').map((sample) => vitalSampleSchema.parse(sample).v)).toEqual(rows.map(({ spo2 }) => spo2.v));
    expect(of('rr')).toHaveLength(3);
    const batch = accelerationBatchSchema.parse(of('acc')[0]);
    const bytes = Buffer.from(batch.xyz, 'base64');
    const first = [0, 2, 4].map((at) => bytes.readInt16LE(at) * batch.scale);
    expect(bytes).toHaveLength(25 * 6);
    expect(Math.hypot(...first)).toBeGreaterThan(9);
    expect(Math.hypot(...first)).toBeLessThan(10.6);
    const states = sent.filter(({ topic }) => topic.endsWith('/state'));
    expect(wearableStateSchema.parse(JSON.parse(states[0]?.text ?? ''))).toMatchObject({
      online: true,
      boot: 'boot1',
      lead: 'on',
    });
    expect(states.every(({ retain }) => retain)).toBe(true);
    expect(wearableStateSchema.parse(JSON.parse(will()))).toEqual({ boot: 'boot1', online: false });
    expect(keys(sent)).toEqual(Array.from({ length: 12 }, (_, seq) => seq));
    expect(wearable.counts()).toMatchObject({ made: 12, sends: 12, acknowledged: 12, waiting: 0, dropped: 0 });
  });

  it('delivers every sample of an outage once the link is back, oldest first at its pace, with the times of then', async () => {
    const { wearable, sent, second, setUp } = bench();
    setUp(true);
    await second();
    setUp(false);
    const before = sent.length;
    for (let s = 0; s < 30; s++) await second();
    expect(sent).toHaveLength(before);
    expect(wearable.counts().waiting).toBe(120);
    setUp(true);
    await second();
    const firstSecond = keys(sent.slice(before));
    // New ones before old ones, and of these no more than may be on the way.
    expect(firstSecond.slice(0, 4)).toEqual([124, 125, 126, 127]);
    expect(firstSecond.slice(4)).toEqual(Array.from({ length: 8 }, (_, index) => 4 + index));
    for (let s = 0; s < 16; s++) await second();
    const all = keys(sent);
    expect(new Set(all).size).toBe(all.length);
    expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: all.length }, (_, seq) => seq));
    const times = sent.flatMap(({ topic, text }) =>
      topic.endsWith('/hr') ? [vitalSampleSchema.parse(JSON.parse(text))] : [],
    );
    const bySeq = times.toSorted((a, b) => a.seq - b.seq).map(({ tDevMs }) => tDevMs);
    expect(bySeq.slice(1).every((tDevMs, index) => Math.abs(tDevMs - (bySeq[index] ?? 0) - 1_000) < 3)).toBe(true);
    expect(wearable.counts()).toMatchObject({ waiting: 0, dropped: 0 });
  });

  it('sends again with the same number what no acknowledgement came for', async () => {
    let lossy = true;
    const { wearable, sent, second, setUp } = bench({ lossyAck: () => lossy });
    setUp(true);
    await second();
    expect(wearable.counts()).toMatchObject({ acknowledged: 0, waiting: 4 });
    lossy = false;
    setUp(false);
    await second();
    setUp(true);
    await second();
    expect(keys(sent)).toEqual([0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 4, 5, 6, 7]);
    expect(wearable.counts()).toMatchObject({ made: 12, acknowledged: 12, waiting: 0, failed: 4 });
  });

  it('holds a bounded time, counts what it had to drop, and accounts for every sample whatever the link does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 999 }),
        async (ups, seed) => {
          const random = createRandom(seed);
          const { wearable, sent, second, setUp } = bench({ lossyAck: () => random.next() < 0.1 });
          for (const up of ups) {
            setUp(up);
            for (let s = 0; s < 20; s++) await second();
          }
          setUp(false);
          await second();
          const { made, acknowledged, dropped, waiting, sends } = wearable.counts();
          expect(made).toBe(wearable.last().seq + 1);
          expect(acknowledged + dropped + waiting).toBe(made);
          expect(waiting).toBeLessThanOrEqual(160);
          expect(keys(sent).length).toBe(sends);
          expect(new Set(keys(sent)).size).toBeGreaterThanOrEqual(acknowledged);
        },
      ),
      { numRuns: 4, seed: 7 },
    );
  });

  it('starts a new boot from 0, repeats, delays and sticks when it is told to', async () => {
    const { wearable, sent, second, setUp, will } = bench();
    setUp(true);
    wearable.set({ duplicate: true, stuck: true });
    for (let s = 0; s < 4; s++) await second();
    expect(keys(sent)).toHaveLength(32);
    const values = sent.flatMap(({ topic, text }) =>
      topic.endsWith('/hr') ? [vitalSampleSchema.parse(JSON.parse(text)).v] : [],
    );
    expect(new Set(values).size).toBe(1);
    wearable.set({ duplicate: false, stuck: false, reorder: true });
    const from = sent.length;
    for (let s = 0; s < 12; s++) await second();
    const late = keys(sent.slice(from));
    expect(late).not.toEqual(late.toSorted((a, b) => a - b));
    expect(new Set(late).size).toBe(late.length);
    await wearable.reboot();
    expect(JSON.parse(will())).toEqual({ boot: 'boot2', online: false });
    expect(wearable.last()).toEqual({ boot: 'boot2', seq: -1 });
    expect(wearable.counts()).toMatchObject({ boots: 2, waiting: 0 });
  });

  it('has malformed messages that the contracts refuse, and hostile ones that are not its own or not a sample', () => {
    const identity = { site: 'site-01', ward: 'ward-a', device: 'w-0003' };
    const accepted = ({ topic, payload }: { topic: string; payload: string | Uint8Array }): boolean => {
      const parsed = parseWearableTopic(topic);
      if (parsed?.device !== identity.device || parsed.ward !== identity.ward || parsed.channel === 'cmd') return false;
      try {
        const value: unknown = JSON.parse(Buffer.from(payload).toString());
        return [vitalSampleSchema, accelerationBatchSchema, wearableStateSchema].some(
          (s) => s.safeParse(value).success,
        );
      } catch {
        return false;
      }
    };
    expect(malformedMessages(identity, 'boot1', 5).map(accepted)).toEqual(Array.from({ length: 16 }, () => false));
    expect(hostileMessages(identity, 'boot1', 5).map(accepted)).toEqual(Array.from({ length: 11 }, () => false));
  });
});

describe('acceleration', () => {
  it('shows weight, steps at the pace of the patient, a fall and the stillness after it', () => {
    const character = patientCharacter(7, 3);
    const batch = createAcceleration(character, createRandom(1), 50);
    const lie = { state: 'resting', posture: 'back', before: 'back', effort: 0, motionG: 0.01, peakG: 1 } as const;
    const walk = { ...lie, state: 'walking', posture: 'upright', before: 'upright', motionG: 0.2 } as const;
    const fall = { ...walk, state: 'falling', posture: 'floor', peakG: 4 } as const;
    const size = (xyz: Int16Array): readonly number[] =>
      Array.from(
        { length: xyz.length / 3 },
        (_, i) => Math.hypot(...xyz.slice(3 * i, 3 * i + 3)) * (accelerationScale / 9.80665),
      );
    const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
    const still = size(batch(lie, 15));
    expect(still.every((g) => Math.abs(g - 1) < 0.1)).toBe(true);
    const steps = Array.from({ length: 20 }, () => size(batch(walk, 15))).flat();
    const upwards = steps.filter((g, i) => g >= 1 && (steps[i - 1] ?? 1) < 1).length;
    expect(spread(steps)).toBeGreaterThan(0.3);
    expect(upwards / 20).toBeGreaterThan(character.stepsHz * 0.8);
    const shock = size(batch(fall, 15));
    expect(Math.max(...shock)).toBeGreaterThan(3.5);
    expect(Math.min(...shock)).toBeLessThan(0.35);
    expect(spread(size(batch({ ...lie, state: 'on-floor', posture: 'floor', before: 'floor' }, 15)))).toBeLessThan(0.1);
  });
});
