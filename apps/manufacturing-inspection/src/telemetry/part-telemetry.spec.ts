import { fleetEventData } from '@edge-blueprints/contracts';
import { createDropCounter, createMetrics } from '@edge-blueprints/telemetry';
import { describe, expect, it } from 'vitest';
import { partRecord } from '../record/part-record.js';
import { aDefect, aFrame, aJudgement, aTrigger } from '../testing/fakes.js';
import { partInspected, partOverruled } from './part-events.js';
import { measurePart } from './part-metrics.js';

const context = { station: 's', simulated: true, clockSynchronised: true, epochMs: () => 0 };
const decision = {
  kind: 'reject' as const,
  defects: [aDefect('open'), { ...aDefect('open'), score: 0.95 }, aDefect('spur', 3)],
};
const record = partRecord(
  {
    frame: aFrame(),
    judgement: aJudgement(decision),
    act: {
      trigger: aTrigger(),
      decision,
      verdict: 'reject',
      reason: 'r'.repeat(900),
      reasonCode: 1,
      outcome: { kind: 'published', atMs: 12 },
      actMs: 1.5,
      atMs: 12,
    },
  },
  'r-1',
  context,
);

describe('a part on its way to the hub', () => {
  it('is an event that the wire accepts, with the best score of each label', () => {
    const event = partInspected(record, false);
    expect(fleetEventData['edge-blueprints.part-inspected.v1'].parse(event)).toEqual(event);
    expect(event.scores).toEqual({ open: 0.95, spur: 0.9 });
    expect(event.reason).toHaveLength(500);
    expect(partInspected({ ...record, partId: '', productId: '' }, true)).toMatchObject({
      partId: 'untracked',
      abstained: true,
    });
  });

  it('tells an overrule, and nothing where there is none', () => {
    expect(partOverruled(record)).toBeUndefined();
    const overrule = { verdict: 'pass' as const, reason: 'dust', by: 'operator', at: '2026-01-01T00:00:00.000Z' };
    expect(partOverruled({ ...record, overrule })).toEqual({
      resultId: 'r-1',
      verdict: 'pass',
      reason: 'dust',
      by: 'operator',
    });
  });

  it('is counted once, its defects each, its times in seconds', async () => {
    const metrics = createMetrics({ resource: {}, monotonicMs: () => 0 });
    measurePart(metrics, record, undefined);
    const { counters, histograms } = await metrics.report();
    expect(counters).toContainEqual({ name: 'edge.parts', attributes: { verdict: 'reject' }, increment: 1 });
    expect(counters).toContainEqual({ name: 'edge.defects', attributes: { label: 'open' }, increment: 2 });
    expect(histograms.find(({ name }) => name === 'edge.capture_to_act.duration')?.max).toBeCloseTo(0.012, 6);
    expect(histograms.find(({ name }) => name === 'edge.inference.duration')?.max).toBeCloseTo(0.0045, 6);
    await metrics.close();
  });
});

it('drops become increments, also over a restart of what counts them', async () => {
  const metrics = createMetrics({ resource: {}, monotonicMs: () => 0 });
  const count = createDropCounter(metrics);
  for (const total of [2, 5, 5, 1]) count({ 'frame.superseded': total });
  const { counters } = await metrics.report();
  expect(counters).toEqual([{ name: 'edge.drops', attributes: { cause: 'frame.superseded' }, increment: 6 }]);
  await metrics.close();
});
