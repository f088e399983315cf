import type { PartRecord } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { partRecord } from '../record/part-record.js';
import { aDefect, aFrame, aJudgement, aTrigger } from '../testing/fakes.js';
import { createStationStatistics } from './station-statistics.js';

const context = { station: 'aoi-1', simulated: false, clockSynchronised: true, epochMs: () => 0 };

function aRecord(n: number, labels: readonly string[] = [], captureToActMs = 10): PartRecord {
  const decision =
    labels.length === 0
      ? ({ kind: 'pass' } as const)
      : ({ kind: 'reject', defects: labels.map((label) => aDefect(label)) } as const);
  const act = {
    trigger: aTrigger({ partSeq: n }),
    decision,
    verdict: decision.kind,
    reason: '',
    reasonCode: 0,
    outcome: { kind: 'delivered', atMs: captureToActMs },
    actMs: 1,
    atMs: captureToActMs,
  } as const;
  return partRecord({ frame: aFrame(), judgement: aJudgement(decision), act }, `r${n}`, context);
}
const create = () => createStationStatistics({ labels: ['open', 'short'], partDeadlineMs: 100, subgroupSize: 10 });

describe('station statistics', () => {
  it('counts parts, not defects, in the Pareto, and gives the reject share with its interval', () => {
    const statistics = create();
    statistics.count(aRecord(1), false);
    statistics.count(aRecord(2, ['open', 'open', 'short']), false);
    statistics.count(aRecord(3, ['short']), false);
    statistics.count(aRecord(4), true);
    const view = statistics.view();
    expect(view).toMatchObject({ inspected: 4, passed: 2, rejected: 2, abstained: 1 });
    expect(view.pareto).toEqual([
      { label: 'short', count: 2 },
      { label: 'open', count: 1 },
    ]);
    expect(view.rejectShare).toMatchObject({ count: 2, of: 4, share: 0.5 });
    expect(view.rejectShare.low).toBeCloseTo(0.15, 2);
    expect(view.rejectShare.high).toBeCloseTo(0.85, 2);
  });

  it('shows no percentile that the count cannot support', () => {
    const statistics = create();
    for (let i = 0; i < 100; i += 1) statistics.count(aRecord(i), false);
    const whole = statistics.view().latencies.find(({ stage }) => stage === 'capture to act');
    expect(whole).toMatchObject({ count: 100, p99Ms: null });
    expect(whole?.p95Ms).toBeCloseTo(10, 0);
  });

  it('keeps the newest 200 parts and the last rejects, the newest first', () => {
    const statistics = create();
    for (let i = 1; i <= 300; i += 1) statistics.count(aRecord(i, i % 2 === 0 ? ['open'] : []), false);
    statistics.markOverruled('r300');
    const { recent, lastRejects } = statistics.view();
    expect([recent.length, recent[0]?.resultId, recent[0]?.overruled, recent.at(-1)?.resultId]).toEqual([
      200,
      'r300',
      true,
      'r101',
    ]);
    expect([lastRejects.length, lastRejects[0]?.resultId, lastRejects[0]?.overruled, lastRejects[1]?.resultId]).toEqual(
      [24, 'r300', true, 'r298'],
    );
  });

  it('closes a subgroup at its size, shows the open one, and keeps a bounded number of points', () => {
    const statistics = create();
    for (let i = 1; i <= 15; i += 1) statistics.count(aRecord(i), false);
    expect(statistics.view().pChart.map(({ inspected }) => inspected)).toEqual([10, 5]);
    for (let i = 0; i < 1000; i += 1) statistics.count(aRecord(i), false);
    expect(statistics.view().pChart.length).toBe(41);
  });

  it('gives the time that the slowest of the shown parts left before the deadline', () => {
    const statistics = create();
    for (const ms of [10, 80, 30]) statistics.count(aRecord(ms, [], ms), false);
    expect(statistics.view().captureToActBudgetMs).toBeCloseTo(20, 6);
  });
});
