import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.js';
import { createOperatorThresholds } from './operator-thresholds.js';
import { createThresholdBook } from './threshold-book.js';
import { thresholdCost } from './threshold-cost.js';

const labels = ['open', 'short'];
const bundle = [
  { label: 'open', threshold: 0.5, provenance: 'bundle' },
  { label: 'short', threshold: 0.6, provenance: 'bundle' },
];
const empty = { labels, bundle, recipe: [], operator: [], regions: [] };
const box = { xMin: 10, yMin: 10, xMax: 20, yMax: 20 };

describe('threshold book', () => {
  it('lets the recipe win over the bundle and the operator over both, and says who', () => {
    const book = createThresholdBook({ ...empty, recipe: [{ label: 'short', threshold: 0.4, provenance: 'recipe' }] });
    const before = book.digest();
    book.setByOperator(1, 0.3, 'operator: too many escapes');
    expect(book.view()).toEqual([
      { label: 'open', classIndex: 0, threshold: 0.5, bundleThreshold: 0.5, provenance: 'bundle' },
      { label: 'short', classIndex: 1, threshold: 0.3, bundleThreshold: 0.6, provenance: 'operator: too many escapes' },
    ]);
    expect(book.digest()).not.toBe(before);
    expect(book.operatorChanges()).toEqual([
      { label: 'short', threshold: 0.3, provenance: 'operator: too many escapes' },
    ]);
  });

  it('refuses a class without a threshold and a threshold without a class', () => {
    expect(() => createThresholdBook({ ...empty, bundle: bundle.slice(1) })).toThrow(/open/);
    expect(() =>
      createThresholdBook({ ...empty, recipe: [{ label: 'oval', threshold: 0.4, provenance: 'recipe' }] }),
    ).toThrow(/oval/);
    expect(() => createThresholdBook(empty).setByOperator(2, 0.5, 'x')).toThrow(/no class 2/);
  });

  it('keeps operator changes on disk, for their own bundle only', () => {
    const folder = mkdtempSync(join(tmpdir(), 'thresholds-'));
    const file = join(folder, 'state', 'thresholds.json');
    const changes = [{ label: 'open', threshold: 0.4, provenance: 'operator' }];
    expect(createOperatorThresholds(file, 'pcb 1').read()).toEqual([]);
    createOperatorThresholds(file, 'pcb 1').write(changes);
    expect(createOperatorThresholds(file, 'pcb 1').read()).toEqual(changes);
    expect(createOperatorThresholds(file, 'pcb 2').read()).toEqual([]);
    writeFileSync(file, '{"format": "other"}');
    expect(() => createOperatorThresholds(file, 'pcb 1').read()).toThrow(/thresholds\.json/);
    writeFileSync(file, '{"format": ');
    expect(() => createOperatorThresholds(file, 'pcb 1').read()).toThrow(
      expect.objectContaining({ code: 'thresholds.unreadable' }),
    );
    rmSync(folder, { recursive: true });
  });
});

describe('decide', () => {
  const thresholds = createThresholdBook(empty).current();
  const found = (score: number) => [{ label: 'open', classIndex: 0, score, box }];

  it('passes a part without a detection at its threshold, and keeps the weak ones for the record', () => {
    const { decision, detections } = decide(found(0.499), thresholds);
    expect(decision).toEqual({ kind: 'pass' });
    expect(detections).toMatchObject([{ score: 0.499, threshold: 0.5, counted: false }]);
  });

  it('rejects at the threshold itself and names the defects', () => {
    expect(decide(found(0.5), thresholds).decision).toMatchObject({
      kind: 'reject',
      defects: [{ label: 'open', provenance: 'bundle' }],
    });
  });

  it('uses the threshold of the region a defect lies in', () => {
    const regions = [
      {
        name: 'gold fingers',
        box: { xMin: 0, yMin: 0, xMax: 30, yMax: 30 },
        perClass: [{ label: 'open', threshold: 0.2, provenance: 'recipe' }],
      },
    ];
    const strict = createThresholdBook({ ...empty, regions }).current();
    expect(decide(found(0.3), strict).decision.kind).toBe('reject');
  });
});

describe('threshold cost', () => {
  it('counts what each candidate would have rejected, with the other classes as they are', () => {
    const part = (...scores: [number, number]) => ({
      resultId: 'r',
      verdict: 'reject' as const,
      topByClass: scores.map((score, classIndex) => ({ classIndex, score })),
    });
    const good = { resultId: 'g', verdict: 'pass' as const, topByClass: [] };
    const fault = { resultId: 'f', verdict: 'reject' as const, topByClass: [] };
    const points = thresholdCost(
      [part(0.9, 0), part(0.3, 0), part(0.1, 0.7), good, fault],
      0,
      [
        { classIndex: 0, threshold: 0.5 },
        { classIndex: 1, threshold: 0.6 },
      ],
      null,
    );
    const rejectsAt = (threshold: number) => points.find((point) => point.threshold === threshold)?.rejects;
    expect([rejectsAt(0.2), rejectsAt(0.5), rejectsAt(0.92)]).toEqual([3, 2, 1]);
    expect(points.every(({ of }) => of === 4)).toBe(true);
    expect(points[0]).toMatchObject({ missShare: null, falseRejectShare: null });
    expect(points.map(({ threshold }) => threshold)).toEqual(
      [...points.map(({ threshold }) => threshold)].sort((a, b) => a - b),
    );
  });

  const validation = {
    format: 'edge-validation-scores/1' as const,
    model: { file: 'int8.onnx', sha256: '' },
    source: 'held-out pictures',
    pictures: 5,
    classes: [
      { label: 'open', defects: 4, detections: [[0.9, 1], [0.6, 1], [0.55, 0], [0.3, 1]] as [number, 0 | 1][] }, // prettier-ignore
      { label: 'short', defects: 0, detections: [] },
    ],
    goodBoards: [
      [0.4, 0],
      [0.1, 0.7],
      [0.05, 0.02],
    ],
  };
  const now = [
    { classIndex: 0, threshold: 0.5 },
    { classIndex: 1, threshold: 0.6 },
  ];

  it('tells the share of missed defects and of rejected good boards from held-out scores, with intervals', () => {
    const at = (threshold: number) => thresholdCost([], 0, now, validation).find((p) => p.threshold === threshold);
    expect(at(0.3)).toMatchObject({
      missShare: { count: 1, of: 4, share: 0.25 },
      falseRejectShare: { count: 2, of: 3 },
    });
    expect(at(0.5)).toMatchObject({ missShare: { count: 2, of: 4 }, falseRejectShare: { count: 1, of: 3 } });
    expect(at(0.92)).toMatchObject({ missShare: { count: 4, share: 1 } });
    expect(at(0.5)?.missShare?.low).toBeGreaterThan(0.1);
    expect(at(0.5)?.missShare?.high).toBeLessThan(0.9);
  });

  it('never loses a defect or gains a false reject the wrong way round', () => {
    const points = thresholdCost([], 0, now, validation);
    for (const [i, point] of points.entries()) {
      const before = points[i - 1];
      if (before === undefined) continue;
      expect(point.missShare?.count).toBeGreaterThanOrEqual(before.missShare?.count ?? Infinity);
      expect(point.falseRejectShare?.count).toBeLessThanOrEqual(before.falseRejectShare?.count ?? -1);
    }
  });

  it('gives no share of a class that no held-out picture shows', () => {
    expect(thresholdCost([], 1, now, validation)[0]?.missShare).toBeNull();
  });
});
