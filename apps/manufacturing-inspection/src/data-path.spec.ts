import { DeviceError } from '@edge-blueprints/contracts';
import type { Frame, InferenceResult, PartTrigger, VerdictOutcome } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createActor } from './act/act.js';
import { judge, runDataPath } from './data-path.js';
import type { Judge, Line } from './line.js';
import type { InspectedPart } from './judgement.js';
import { aDefect, aFrame, aPlc, aTrigger, restingModel } from './testing/fakes.js';

const mapping = { scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0, frameWidth: 64, frameHeight: 64 };
const result: InferenceResult = {
  outputs: {},
  timings: { queueMs: 0, transferMs: 0, runMs: 4, totalMs: 4 },
  provider: 'cpu',
  modelDigest: 'e'.repeat(64),
  variant: 'fp32',
  degradation: { level: 1, reason: 'fp32 on cpu' },
};

/** A judge in which everything goes well and nothing is found, except for what a test says. */
function aJudge(changes: Partial<Judge> = {}): Judge {
  return {
    nowMs: () => 10,
    partDeadlineMs: 100,
    preprocess: () => ({ inputs: {}, mapping }),
    infer: async () => result,
    checkFrame: () => undefined,
    postprocess: () => [],
    decide: () => ({ decision: { kind: 'pass' }, detections: [] }),
    modelAtRest: () => restingModel,
    thresholdsDigest: () => 'digest',
    ...changes,
  };
}

const fails = (code: string) => () => {
  throw new DeviceError(code, `${code} happened`);
};
const rejectingDecide: Judge['decide'] = () => ({ decision: { kind: 'reject', defects: [aDefect()] }, detections: [] });

/** Ways in which the path can fail before the decision, with the code that must come out. */
const faults: readonly [string, Partial<Judge>, string][] = [
  ['there is no template', { preprocess: fails('camera.template-missing') }, 'camera.template-missing'],
  [
    'reading the template fails later',
    { preprocess: () => Promise.reject(new DeviceError('camera.image-unreadable', 'x')) },
    'camera.image-unreadable',
  ],
  [
    'the engine misses the deadline',
    { infer: () => Promise.reject(new DeviceError('infer.deadline', 'late')) },
    'infer.deadline',
  ],
  ['the engine throws at once', { infer: fails('infer.overloaded') }, 'infer.overloaded'],
  [
    'the picture is black',
    { checkFrame: () => ({ kind: 'abstain', code: 'frame.black', message: 'black' }) },
    'frame.black',
  ],
  [
    'the light is out of its limits',
    { checkFrame: () => ({ kind: 'abstain', code: 'light.fault', message: 'dim' }) },
    'light.fault',
  ],
  ['the check of the frame breaks', { checkFrame: fails('vision.size') }, 'vision.size'],
  ['the output cannot be read', { postprocess: fails('vision.output-malformed') }, 'vision.output-malformed'],
  ['a class has no threshold', { decide: fails('vision.threshold-missing') }, 'vision.threshold-missing'],
  [
    'something unforeseen happens',
    {
      postprocess: () => {
        throw new TypeError('oops');
      },
    },
    'unexpected',
  ],
];

describe('judge', () => {
  it('passes a good part and says which model ran', async () => {
    const judgement = await judge(aFrame(), aJudge());
    expect(judgement.decision).toEqual({ kind: 'pass' });
    expect(judgement.model).toMatchObject({
      bundle: 'pcb',
      variant: 'fp32',
      digest: 'e'.repeat(64),
      degradationLevel: 1,
    });
    expect(judgement.timings.runMs).toBe(4);
  });

  it.each(faults)('abstains when %s', async (_case, change, code) => {
    const { decision } = await judge(aFrame(), aJudge(change));
    expect(decision).toMatchObject({ kind: 'abstain', code });
  });

  it('gives the engine the deadline of the part, counted from the capture', async () => {
    const deadlines: number[] = [];
    await judge(
      aFrame({ capturedAtMs: 7 }),
      aJudge({ infer: async (_input, deadlineMs) => (deadlines.push(deadlineMs), result) }),
    );
    expect(deadlines).toEqual([107]);
  });

  it('starts the model before it looks at the light', async () => {
    const order: string[] = [];
    await judge(
      aFrame(),
      aJudge({
        infer: async () => (order.push('infer'), result),
        checkFrame: () => (order.push('check'), undefined),
      }),
    );
    expect(order).toEqual(['infer', 'check']);
  });
});

interface LineOptions {
  readonly judge?: Partial<Judge>;
  readonly trigger?: (frame: Frame) => Promise<PartTrigger | undefined>;
  readonly outcome?: () => VerdictOutcome | Promise<VerdictOutcome>;
  readonly onAbstain?: 'reject' | 'review' | 'error';
  readonly nowMs?: () => number;
  readonly interlock?: () => string | undefined;
  readonly recipeId?: number;
}

async function inspect(frames: readonly Frame[], options: LineOptions = {}) {
  const plc = aPlc(options.outcome);
  const parts: InspectedPart[] = [];
  const actor = createActor({
    plc,
    nowMs: options.nowMs ?? (() => 20),
    onAbstain: options.onAbstain ?? 'reject',
    recipeId: () => options.recipeId ?? 1,
    modelHash16: () => 7,
    partDeadlineMs: 100,
    interlock: options.interlock ?? (() => undefined),
  });
  const line: Line = {
    ...aJudge(options.judge),
    async *frames() {
      yield* frames;
    },
    triggerOf: options.trigger ?? (async () => aTrigger()),
    act: actor.act,
    keep: (frame) => ({ ...frame, pixels: frame.pixels.slice() }),
    record: (part) => parts.push(part),
  };
  await runDataPath(line, new AbortController().signal);
  return { verdicts: plc.verdicts, parts, actor };
}

describe('data path', () => {
  it('tells the PLC pass for a good part and hands the part to the record', async () => {
    const { verdicts, parts } = await inspect([aFrame()]);
    expect(verdicts).toMatchObject([
      { partSeq: 1, verdict: 'pass', reasonCode: 0, defectCount: 0, modelHash16: 7, encoder: 1000 },
    ]);
    expect(parts).toMatchObject([{ act: { verdict: 'pass', reason: 'pass', outcome: { kind: 'published' } } }]);
  });

  it('tells the PLC which classes were found', async () => {
    const decide: Judge['decide'] = () => ({
      decision: { kind: 'reject', defects: [aDefect('open', 0), aDefect('copper', 4), aDefect('open', 0)] },
      detections: [],
    });
    const { verdicts, parts } = await inspect([aFrame()], { judge: { decide } });
    expect(verdicts).toMatchObject([
      { verdict: 'reject', reasonCode: 1, defectClassMask: 0b10001, defectCount: 3, topScore: 0.9 },
    ]);
    expect(parts[0]?.act.reason).toBe('open x2, copper');
  });

  it.each(faults)('gives the safe verdict when %s', async (_case, change, code) => {
    const { verdicts, parts } = await inspect([aFrame()], { judge: change });
    expect(verdicts).toMatchObject([{ verdict: 'reject', defectCount: 0 }]);
    expect(verdicts[0]?.reasonCode).toBeGreaterThan(1);
    expect(parts[0]?.act).toMatchObject({ reason: code, decision: { kind: 'abstain' } });
  });

  it('lets configuration choose review for an abstain', async () => {
    const { verdicts } = await inspect([aFrame()], {
      judge: { checkFrame: fails('vision.size') },
      onAbstain: 'review',
    });
    expect(verdicts).toMatchObject([{ verdict: 'review' }]);
  });

  it.each([
    ['the verdict is late', { nowMs: () => 101 }, 'infer.deadline'],
    ['the PLC asks for another recipe', { recipeId: 2 }, 'recipe.mismatch'],
    ['camera and PLC name different parts', { trigger: async () => aTrigger({ partId: 'P2' }) }, 'join.part-mismatch'],
    ['the golden check is due', { interlock: () => 'golden.due' }, 'golden.due'],
  ] satisfies [string, LineOptions, string][])('does not pass a good part when %s', async (_case, options, code) => {
    const { verdicts, parts } = await inspect([aFrame()], options);
    expect(verdicts).toMatchObject([{ verdict: 'reject' }]);
    expect(parts[0]?.act.reason).toBe(code);
  });

  it('records a frame without a trigger as untracked and tells the PLC nothing', async () => {
    const { verdicts, parts } = await inspect([aFrame()], { trigger: async () => undefined });
    expect(verdicts).toEqual([]);
    expect(parts).toMatchObject([
      { act: { verdict: 'error', reason: 'join.no-trigger', outcome: { kind: 'refused' } } },
    ]);
  });

  it.each([
    ['refuses', () => ({ kind: 'refused', code: 'plc.late' }) as const, { kind: 'refused', code: 'plc.late' }],
    [
      'times out',
      () => ({ kind: 'ambiguous', code: 'plc.write-timeout' }) as const,
      { kind: 'ambiguous', code: 'plc.write-timeout' },
    ],
    ['breaks', () => Promise.reject(new DeviceError('plc.gone', 'x')), { kind: 'refused', code: 'plc.gone' }],
  ])('records the outcome when the PLC %s, and asks only once', async (_case, outcome, expected) => {
    const { verdicts, parts } = await inspect([aFrame()], { outcome });
    expect(verdicts.length).toBe(1);
    expect(parts[0]?.act.outcome).toEqual(expected);
  });

  it('gives ERROR to a part whose picture never came', async () => {
    const { actor, verdicts } = await inspect([]);
    const act = await actor.actWithoutFrame(aTrigger({ partSeq: 5 }));
    expect(verdicts).toMatchObject([{ partSeq: 5, verdict: 'error', reasonCode: 20 }]);
    expect(act).toMatchObject({ verdict: 'error', reason: 'frame.missing' });
  });

  it('goes on with the next frame while a verdict waits for its trigger', async () => {
    let announceFirst: (trigger: PartTrigger) => void = () => undefined;
    const first = new Promise<PartTrigger>((resolve) => (announceFirst = resolve));
    const triggers = [first, Promise.resolve(aTrigger({ partSeq: 2 }))];
    const { verdicts } = await inspect([aFrame(), aFrame({ sequence: 1 })], {
      trigger: () => triggers.shift() ?? first,
      outcome: () => {
        announceFirst(aTrigger({ partSeq: 1 })); // only after the second part has got its verdict
        return { kind: 'published', atMs: 20 };
      },
    });
    expect(verdicts.map(({ partSeq }) => partSeq)).toEqual([2, 1]);
  });

  it('keeps pixels that the camera overwrites later', async () => {
    const frame = aFrame();
    const { parts } = await inspect([frame]);
    frame.pixels.fill(0);
    expect(parts[0]?.frame?.pixels.some((value) => value !== 0)).toBe(true);
  });

  it('never passes a part in which any verb failed or found a defect, whatever the combination', async () => {
    const changes = [...faults.map(([, change]) => change), { decide: rejectingDecide }];
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(changes, { minLength: 1 }),
        fc.constantFrom('reject', 'review', 'error'),
        async (subset, onAbstain) => {
          const { verdicts } = await inspect([aFrame()], { judge: Object.assign({}, ...subset), onAbstain });
          expect(verdicts.map(({ verdict }) => verdict)).not.toContain('pass');
        },
      ),
      { numRuns: 60 },
    );
  });
});
