import { describe, expect, it } from 'vitest';
import { createBaselineJudge } from './baseline.js';
import { compareVariants } from './compare-variants.js';
import { detectionFigures, falseRejectFigure } from './figures.js';
import { parseEvaluateOptions } from './options.js';
import { printBaseline, printComparison } from './print-comparison.js';
import { printFigures } from './print-figures.js';

const box = (x: number) => ({ xMin: x, yMin: 0, xMax: x + 10, yMax: 10 });
const truth = (classIndex: number, x: number) => ({ classIndex, label: String(classIndex), box: box(x) });
const found = (classIndex: number, x: number, score: number) => ({
  ...truth(classIndex, x),
  score,
  threshold: 0.5,
  provenance: '',
  counted: score >= 0.5,
});

describe('evaluate figures', () => {
  const pairs = [
    {
      id: 'a',
      truth: [truth(0, 0), truth(1, 50)],
      detections: [found(0, 0, 0.9), found(1, 50, 0.4), found(1, 200, 0.8)],
      rejected: true,
    },
    { id: 'b', truth: [truth(0, 0)], detections: [found(0, 1, 0.3)], rejected: false },
  ];
  const figures = detectionFigures(pairs, ['open', 'short'], () => 0.5);

  it('gives average precision over all scores and precision and recall at the verdict thresholds', () => {
    expect(figures.perClass.map(({ ap }) => ap)).toEqual([1, 0.5]);
    expect(figures.map).toBe(0.75);
    expect(figures.perClass[1]).toMatchObject({
      defects: 1,
      precision: { count: 0, of: 1 },
      recall: { count: 0, of: 1 },
    });
    expect(figures.atVerdict).toMatchObject({ precision: { count: 1, of: 2 }, recall: { count: 1, of: 3 }, f: 0.4 });
  });

  it('counts boards that escaped and good boards that were rejected', () => {
    expect(figures.escapedBoards).toMatchObject({ count: 1, of: 2 });
    expect(falseRejectFigure(pairs)).toMatchObject({ count: 1, of: 2, share: 0.5 });
  });

  it('prints no percentile that the count cannot support', () => {
    const latency = [{ stage: 'infer', count: 100, p50Ms: 5, p95Ms: 6, p99Ms: null, maxMs: 7, sumMs: 500 }];
    const text = printFigures({ detection: figures, falseRejects: {}, latency }, ['heading']);
    expect(text).toContain('n < 662');
    expect(text).toMatch(/mAP +75\.00 %/);
  });
});

describe('evaluate comparisons', () => {
  const pair = (id: string, truths: readonly ReturnType<typeof truth>[], ...scores: readonly number[]) => ({
    id,
    truth: truths,
    detections: scores.map((score) => found(0, 0, score)),
    rejected: scores.some((score) => score >= 0.5),
  });
  const labels = ['open', 'short'];
  const reference = [pair('a', [truth(0, 0)], 0.9), pair('b', [truth(0, 0)], 0.6), pair('c', []), pair('d', [])];
  const int8 = [pair('a', [truth(0, 0)], 0.8), pair('b', [truth(0, 0)], 0.4), pair('c', [], 0.7), pair('d', [])];

  it('counts the verdicts that flip on identical frames, each way, out of all frames', () => {
    const compared = compareVariants(labels, { variant: 'int8', judged: int8 }, { variant: 'fp32', judged: reference });
    expect(compared).toMatchObject({
      frames: 4,
      passToReject: { count: 1, of: 4, share: 0.25 },
      rejectToPass: { count: 1, of: 4, share: 0.25 },
      flipped: ['c', 'b'],
      mapAgainst: 1,
    });
    expect(compared.perClass[0]).toMatchObject({ ap: 0.5 + 1 / 3, apAgainst: 1 });
    expect(compared.perClass[0]?.difference).toBeCloseTo(-1 / 6);
    expect(compared.perClass[1]).toEqual({ label: 'short', ap: null, apAgainst: null, difference: null });
    expect(printComparison(compared)).toMatch(
      /mAP +83\.33 % +100\.00 % +-16\.67\nverdict flips +pass to reject 1 = 25\.00 %/,
    );
  });

  it('finds no flips against itself and refuses other frames', () => {
    const own = { variant: 'int8', judged: int8 };
    expect(compareVariants(labels, own, own)).toMatchObject({ difference: 0, flipped: [] });
    expect(() => compareVariants(labels, own, { variant: 'x', judged: int8.slice(1) })).toThrow(/other frames/);
  });

  it('prints the baseline beside the model', () => {
    const model = detectionFigures(reference, labels, () => 0.5);
    expect(
      printBaseline(
        detectionFigures(int8, labels, () => 0),
        model,
      ),
    ).toMatch(/F +80\.00 % .*100\.00 %/);
  });

  it('refuses a baseline for a bundle with other classes', () => {
    expect(() => createBaselineJudge(['crack'])).toThrow(expect.objectContaining({ code: 'evaluate.baseline-labels' }));
  });
});

describe('evaluate options', () => {
  it('reads the documented options', () => {
    expect(
      parseEvaluateOptions(['--data', '/d', '--limit', '5', '--template-pairs', '--threads', 'auto'], '/models'),
    ).toMatchObject({
      data: '/d',
      bundle: '/models/pcb-defects',
      trustedKeys: '/models/trusted-keys.json',
      variant: 'int8-640',
      limit: 5,
      templatePairs: true,
      threads: 'auto',
      rendered: 0,
      baseline: false,
      compare: undefined,
    });
    expect(parseEvaluateOptions(['--help'], '/models')).toBe('help');
  });

  it('reports every wrong argument with the help', () => {
    expect(() => parseEvaluateOptions(['--limit', '-3'], '/m')).toThrow(
      expect.objectContaining({ code: 'evaluate.arguments' }),
    );
    expect(() => parseEvaluateOptions(['--limit=0', '--rendered', 'x'], '/m')).toThrow(
      /--data DIR is needed\n--rendered[^\n]*\n--limit/,
    );
    expect(() => parseEvaluateOptions(['--dat', 'x'], '/m')).toThrow(/--dat/);
  });
});
