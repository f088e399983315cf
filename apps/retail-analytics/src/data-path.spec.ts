import { DeviceError } from '@edge-blueprints/contracts';
import type { CameraSight, Detection, Frame, InferenceResult } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { runDataPath, see } from './data-path.js';
import type { FrameTimings, StoreLine } from './store-line.js';
import { aFrame } from './testing/fakes.js';

const mapping = { scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0, frameWidth: 64, frameHeight: 64 };
const result: InferenceResult = {
  outputs: {},
  timings: { queueMs: 0, transferMs: 0, runMs: 4, totalMs: 4 },
  provider: 'cpu',
  modelDigest: 'e'.repeat(64),
  variant: 'int8',
  degradation: { level: 0, reason: '' },
};
const person: Detection = {
  label: 'person',
  classIndex: 0,
  score: 0.9,
  box: { xMin: 1, yMin: 1, xMax: 9, yMax: 30 },
};

function aLine(changes: Partial<StoreLine> = {}, frames: readonly Frame[] = [aFrame()]) {
  const acted: CameraSight[] = [];
  const recorded: FrameTimings[] = [];
  const dropped: string[] = [];
  let nowMs = 0;
  const line: StoreLine = {
    camera: 'entrance',
    maxAgeMs: 500,
    nowMs: () => (nowMs += 1),
    frames: async function* () {
      yield* frames;
    },
    preprocess: () => ({ inputs: {}, mapping }),
    infer: async () => result,
    postprocess: () => [person],
    decide: (people, { capturedAtMs }) => ({
      camera: 'entrance',
      atMs: capturedAtMs,
      people: people.map(() => ({
        track: 1,
        confirmed: true,
        floor: [1, 2] as const,
        velocity: [0, 0] as const,
        predicted: false,
        still: false,
      })),
    }),
    act: (sight) => acted.push(sight),
    record: (timings) => recorded.push(timings),
    dropped: (error) => dropped.push(error instanceof DeviceError ? error.code : 'unexpected'),
    ...changes,
  };
  return { line, acted, recorded, dropped };
}

describe('data path', () => {
  it('counts the people of a frame and records nothing of them but its times', async () => {
    const { line, acted, recorded } = aLine();
    await runDataPath(line, new AbortController().signal);
    expect(acted.map(({ people }) => people.length)).toEqual([1]);
    expect(Object.entries(recorded[0] ?? {}).filter(([, value]) => typeof value !== 'number')).toEqual([
      ['camera', 'entrance'],
    ]);
  });

  it('waits for a second model that looks at each person', async () => {
    const { line, acted } = aLine({ postprocess: async () => [person, person] });
    await see(aFrame(), line);
    expect(acted[0]?.people).toHaveLength(2);
  });

  it('gives the engine until the frame is too old', async () => {
    const deadlines: number[] = [];
    const { line } = aLine({ infer: async (_, deadlineMs) => (deadlines.push(deadlineMs), result) });
    await see(aFrame({ capturedAtMs: 1_000 }), line);
    expect(deadlines).toEqual([1_500]);
  });

  it('looks at a camera without calibration and counts nothing', async () => {
    const { line, acted, recorded } = aLine({ decide: () => undefined });
    await runDataPath(line, new AbortController().signal);
    expect([acted.length, recorded.length]).toEqual([0, 1]);
  });

  it.each<[string, (fail: () => void) => Partial<StoreLine>, string]>([
    ['cannot be prepared', (fail) => ({ preprocess: () => (fail(), { inputs: {}, mapping }) }), 'preprocess.input'],
    ['misses the deadline', (fail) => ({ infer: async () => (fail(), result) }), 'infer.deadline'],
    ['finds the engine full', (fail) => ({ infer: () => (fail(), Promise.resolve(result)) }), 'infer.overloaded'],
    ['has an unreadable answer', (fail) => ({ postprocess: () => (fail(), [person]) }), 'vision.output-malformed'],
    ['fails at the pose model', (fail) => ({ postprocess: async () => (fail(), [person]) }), 'infer.failed'],
    ['has another size', (fail) => ({ decide: () => (fail(), undefined) }), 'store.picture-size'],
    ['cannot be counted', (fail) => ({ act: () => fail() }), 'retail.window'],
  ])('lets a frame go that %s, by its cause, and looks at the next', async (_, change, code) => {
    let failed = false;
    const fail = (): void => {
      if (failed) return;
      failed = true;
      throw new DeviceError(code, `${code} happened`);
    };
    const { line, recorded, dropped } = aLine(change(fail), [aFrame({ sequence: 0 }), aFrame({ sequence: 1 })]);
    await runDataPath(line, new AbortController().signal);
    expect(dropped).toEqual([code]);
    expect(recorded).toHaveLength(1);
  });
});
