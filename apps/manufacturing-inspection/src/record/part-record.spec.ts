import { partRecordSchema } from '@edge-blueprints/contracts';
import type { RecordedDetection } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import type { InspectedPart } from '../judgement.js';
import { aFrame, aJudgement, aTrigger } from '../testing/fakes.js';
import { partRecord } from './part-record.js';

const context = { station: 'aoi-1', simulated: true, clockSynchronised: false, epochMs: () => 1_700_000_000_000 };
const part: InspectedPart = {
  frame: aFrame({ capturedAtMs: 5, receivedAtMs: 7 }),
  judgement: aJudgement(),
  act: {
    trigger: aTrigger({ partSeq: 9, recipeId: 3, encoder: 77 }),
    decision: { kind: 'pass' },
    verdict: 'pass',
    reason: 'pass',
    reasonCode: 0,
    outcome: { kind: 'ambiguous', code: 'plc.write-timeout' },
    actMs: 2,
    atMs: 25,
  },
};

describe('part record', () => {
  it('says which part, what was decided, what became of it and how long it took', () => {
    expect(partRecordSchema.parse(partRecord(part, 'r1', context))).toMatchObject({
      resultId: 'r1',
      partSeq: 9,
      recipeId: 3,
      encoder: 77,
      clockSynchronised: false,
      simulated: true,
      verdict: 'pass',
      outcome: { kind: 'ambiguous', code: 'plc.write-timeout' },
      timings: { transportMs: 2, inferMs: 5, runMs: 4.5, actMs: 2, captureToActMs: 20 },
    });
  });

  it('is valid for a part without a picture and for a picture without a part', () => {
    const missing = partRecord({ ...part, frame: undefined }, 'r2', context);
    expect(partRecordSchema.parse(missing)).toMatchObject({ capturedAt: '2023-11-14T22:13:20.000Z', productId: '' });
    const untracked = partRecord({ ...part, act: { ...part.act, trigger: undefined } }, 'r3', context);
    expect(partRecordSchema.parse(untracked)).toMatchObject({ partSeq: 0, partId: 'P1', encoder: 1000 });
  });

  it('keeps every detection that counted and a bounded number of weak ones', () => {
    const detections = Array.from({ length: 200 }, (_, i): RecordedDetection => {
      const score = 1 - i / 200;
      const box = { xMin: 0, yMin: 0, xMax: 1, yMax: 1 };
      return { label: 'open', classIndex: 0, score, box, threshold: 0.7, provenance: 'bundle', counted: score >= 0.7 };
    });
    const kept = partRecord({ ...part, judgement: { ...part.judgement, detections } }, 'r4', context).detections;
    expect([kept.filter(({ counted }) => counted).length, kept.length]).toEqual([61, 61 + 32]);
  });
});
