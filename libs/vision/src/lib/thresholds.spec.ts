import type { Detection } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { applyThresholds, checkThresholds, thresholdsSchema } from './thresholds.js';

const at = (x: number, score: number, label = 'spur'): Detection => ({
  label,
  classIndex: 0,
  score,
  box: { xMin: x, yMin: 0, xMax: x + 10, yMax: 10 },
});

const thresholds = thresholdsSchema.parse({
  perClass: [
    { label: 'spur', threshold: 0.4, provenance: 'bundle' },
    { label: 'open', threshold: 0.2, provenance: 'operator' },
  ],
  regions: [
    {
      name: 'connector',
      box: { xMin: 100, yMin: 0, xMax: 200, yMax: 50 },
      perClass: [{ label: 'spur', threshold: 0.7, provenance: 'recipe' }],
    },
  ],
});

describe('applyThresholds', () => {
  it('counts a detection at its threshold and not below, and says where the threshold comes from', () => {
    const [exact, below] = applyThresholds([at(0, 0.4), at(0, 0.39)], thresholds);
    expect(exact).toMatchObject({ threshold: 0.4, provenance: 'bundle', counted: true });
    expect(below).toMatchObject({ counted: false });
  });

  it('lets a region decide by the centre of the box', () => {
    const [inside, edge, outside] = applyThresholds([at(150, 0.5), at(95, 0.5), at(94, 0.5)], thresholds);
    expect(inside).toMatchObject({ threshold: 0.7, provenance: 'region connector: recipe', counted: false });
    expect(edge).toMatchObject({ threshold: 0.7 });
    expect(outside).toMatchObject({ threshold: 0.4, counted: true });
  });

  it('falls back to the class where the region does not name it', () => {
    expect(applyThresholds([at(150, 0.3, 'open')], thresholds)[0]).toMatchObject({
      threshold: 0.2,
      provenance: 'operator',
      counted: true,
    });
  });

  it('refuses a class without a threshold instead of passing it', () => {
    expect(() => applyThresholds([at(0, 0.9, 'short')], thresholds)).toThrow(
      expect.objectContaining({ code: 'vision.threshold-missing' }),
    );
  });
});

describe('checkThresholds', () => {
  it('accepts thresholds that fit and lists all that do not', () => {
    expect(() => checkThresholds(['spur', 'open'], thresholds)).not.toThrow();
    const twice = { ...thresholds, perClass: [...thresholds.perClass, ...thresholds.perClass] };
    const problems = [
      'class short has no threshold',
      'perClass names class spur, which',
      'perClass names class open twice',
      'connector names class spur',
    ];
    for (const problem of problems) expect(() => checkThresholds(['open', 'short'], twice)).toThrow(problem);
  });
});
