import { DeviceError, partRecordSchema, silentLogger } from '@edge-blueprints/contracts';
import type { LivePart, PartRecord } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import type { InspectedPart } from '../judgement.js';
import { aDefect, aFrame, aJudgement, aTrigger } from '../testing/fakes.js';
import { createEvidence } from './evidence.js';
import type { PartImage } from './part-store-port.js';
import { createRecorder } from './recorder.js';

const good: InspectedPart = {
  frame: aFrame(),
  judgement: aJudgement(),
  act: {
    trigger: aTrigger(),
    decision: { kind: 'pass' },
    verdict: 'pass',
    reason: 'pass',
    reasonCode: 0,
    outcome: { kind: 'delivered', atMs: 9 },
    actMs: 1,
    atMs: 9,
  },
};
const decision = { kind: 'reject', defects: [aDefect('open', 0), aDefect('short', 1)] } as const;
const bad: InspectedPart = {
  ...good,
  judgement: aJudgement(decision),
  act: { ...good.act, decision, verdict: 'reject', reason: 'open, short', reasonCode: 1 },
};

interface Setting {
  readonly put?: (record: PartRecord, images: readonly PartImage[]) => Promise<void>;
  readonly live?: boolean;
  readonly samplePass?: boolean;
  readonly encode?: () => Promise<Uint8Array>;
  readonly faultyCount?: boolean;
}

function openRecorder({ put, live = false, samplePass = false, encode, faultyCount = false }: Setting = {}) {
  const stored: { record: PartRecord; images: readonly PartImage[] }[] = [];
  const shown: [LivePart, Uint8Array][] = [];
  const counted: string[] = [];
  let pauses = 0;
  let parts = 0;
  const recorder = createRecorder({
    store: { put: put ?? (async (record, images) => void stored.push({ record, images })) },
    evidence: createEvidence(async ({ pixels, width }) => ({
      bytes: encode === undefined ? Uint8Array.of(width, pixels.length % 251) : await encode(),
      mime: 'image/png',
    })),
    context: { station: 'aoi-1', simulated: true, clockSynchronised: true, epochMs: () => 1_700_000_000_000 },
    newResultId: () => `r${(parts += 1)}`,
    templateOf: () => ({ width: 64, height: 64, format: 'gray8', pixels: new Uint8Array(4096) }),
    samplePass: () => samplePass,
    wantsLive: () => live,
    publishLive: (part, image) => shown.push([part, image]),
    onRecord: ({ resultId }) => {
      if (faultyCount) throw new TypeError('broken');
      counted.push(resultId);
    },
    onStored: () => undefined,
    pause: async () => {
      pauses += 1;
      await new Promise((resolve) => setImmediate(resolve));
    },
    log: silentLogger,
  });
  return { recorder, stored, shown, counted, pauses: () => pauses };
}

describe('recorder', () => {
  it('stores a reject with its picture, its template and a crop of each defect, as a valid record', async () => {
    const { recorder, stored } = openRecorder();
    recorder.record(bad);
    await recorder.close();
    const record = partRecordSchema.parse(stored[0]?.record);
    expect(record).toMatchObject({
      verdict: 'reject',
      reason: 'open, short',
      partSeq: 1,
      productId: 'board',
      timings: { captureToActMs: 9, transportMs: 1 },
    });
    expect(record.images.map(({ role, detection }) => [role, detection])).toEqual([
      ['test', undefined],
      ['template', undefined],
      ['crop', 0],
      ['crop', 1],
    ]);
    expect(record.images[2]).toMatchObject({ width: 40, height: 40 });
  });

  it('hands each picture to the store once, however often the record names it', async () => {
    const { recorder, stored } = openRecorder();
    recorder.record(bad);
    await recorder.close();
    const digests = stored[0]?.images.map(({ sha256 }) => sha256) ?? [];
    expect(new Set(digests).size).toBe(digests.length);
    expect(stored[0]?.record.images.every(({ sha256 }) => digests.includes(sha256))).toBe(true);
  });

  it('keeps the picture of a passed part only where the sampling says so', async () => {
    for (const [samplePass, roles] of [
      [false, []],
      [true, ['test', 'template']],
    ] as const) {
      const { recorder, stored } = openRecorder({ samplePass });
      recorder.record(good);
      await recorder.close();
      expect(stored[0]?.record.images.map(({ role }) => role)).toEqual(roles);
    }
  });

  it('shows a live picture without storing it, and encodes nothing when nobody looks', async () => {
    const live = openRecorder({ live: true });
    live.recorder.record(good);
    await live.recorder.close();
    expect(live.shown).toMatchObject([
      [{ resultId: 'r1', verdict: 'pass', width: 64, mime: 'image/png' }, Uint8Array.of(64, 4096 % 251)],
    ]);
    expect(live.stored[0]?.record.images).toEqual([]);
    const unseen = openRecorder({ encode: () => Promise.reject(new TypeError('must not encode')) });
    unseen.recorder.record(good);
    await unseen.recorder.close();
    expect(unseen.recorder.drops()['record.no-image']).toBe(0);
  });

  it('stores the record even where its picture cannot be encoded', async () => {
    const { recorder, stored } = openRecorder({ encode: () => Promise.reject(new TypeError('codec')) });
    recorder.record(bad);
    await recorder.close();
    expect(stored[0]?.record).toMatchObject({ verdict: 'reject', images: [] });
    expect(recorder.drops()['record.no-image']).toBe(1);
  });

  it('survives a fault in counting', async () => {
    const { recorder } = openRecorder({ faultyCount: true });
    recorder.record(good);
    await recorder.close();
    expect(recorder.drops()['record.failed']).toBe(1);
  });

  it('returns at once, counts every part at once, and counts what does not fit while the store hangs', async () => {
    let release: () => void = () => undefined;
    const hanging = new Promise<void>((resolve) => (release = resolve));
    let puts = 0;
    const { recorder, counted } = openRecorder({ put: async () => ((puts += 1), hanging) });
    for (let i = 0; i < 100; i += 1) {
      recorder.record(good);
      if (i === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(counted.length).toBe(100);
    expect(recorder.drops()['record.queue-full']).toBe(100 - 64 - 1);
    release();
    await recorder.close();
    expect(puts).toBe(65);
  });

  it('offers a part again while the store is full, and loses none', async () => {
    let full = 15;
    const seen: string[] = [];
    const { recorder, pauses } = openRecorder({
      put: async ({ resultId }) => {
        if (full > 0) {
          full -= 1;
          throw new DeviceError('store.full', 'full');
        }
        seen.push(resultId);
      },
    });
    recorder.record(good);
    recorder.record(bad);
    while (seen.length < 2) {
      if (full > 0 && full < 15) expect(recorder.isStoreFull()).toBe(true);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect([seen, pauses(), recorder.isStoreFull(), recorder.drops()['record.not-stored']]).toEqual([
      ['r1', 'r2'],
      15,
      false,
      0,
    ]);
    await recorder.close();
  });

  it.each([
    ['a disk that keeps failing', 'store.disk', 10],
    ['a fault of the part itself', 'unknown', 1],
  ])('gives up a part after %s and counts it, never as stored', async (_case, code, attempts) => {
    let puts = 0;
    const { recorder } = openRecorder({
      put: async () => {
        puts += 1;
        throw new DeviceError(code, code);
      },
    });
    recorder.record(good);
    while (recorder.drops()['record.not-stored'] === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(puts).toBe(attempts);
    await recorder.close();
  });

  it('ends although the store is full, with the waiting parts counted as lost', async () => {
    const { recorder } = openRecorder({ put: () => Promise.reject(new DeviceError('store.full', 'full')) });
    for (let i = 0; i < 3; i += 1) recorder.record(good);
    await new Promise((resolve) => setImmediate(resolve));
    await recorder.close();
    expect(recorder.drops()['record.not-stored']).toBe(3);
  });
});
