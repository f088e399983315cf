import {
  createRandom,
  driftAlarmSchema,
  driftReportSchema,
  silentLogger,
  systemClock,
} from '@edge-blueprints/contracts';
import type { DriftAlarm, DriftReport } from '@edge-blueprints/contracts';
import { createMetrics } from '@edge-blueprints/telemetry';
import { describe, expect, it } from 'vitest';
import { partRecord } from '../record/part-record.js';
import { aDefect, aFrame, aJudgement, aTrigger } from '../testing/fakes.js';
import { driftConfigSchema } from './drift-config.js';
import { createDriftWatch } from './drift-watch.js';
import { makeBundleDrift } from './make-reference.js';
import { partFeatures } from './part-features.js';

const context = { station: 's', simulated: true, clockSynchronised: true, epochMs: () => 0 };
const template = aFrame();
const decision = { kind: 'reject' as const, defects: [aDefect()] };

/** A board under a light of this strength, with a little of its own. */
function aPart(i: number, light: number) {
  const random = createRandom(1_000 + i);
  const own = light * (1 + 0.01 * random.normal());
  const frame = aFrame({
    epochMs: 1_700_000_000_000 + i * 500,
    pixels: template.pixels.map((level) => Math.max(0, Math.min(255, Math.round(level * own + random.normal())))),
  });
  const [defect] = decision.defects;
  const judgement = aJudgement({
    ...decision,
    defects: [{ ...aDefect(), ...defect, score: 0.9 + 0.02 * random.next() }],
  });
  const act = {
    trigger: aTrigger(),
    decision: judgement.decision,
    verdict: 'reject' as const,
    reason: '',
    reasonCode: 1,
    outcome: { kind: 'published' as const, atMs: 1 },
    actMs: 1,
    atMs: 1,
  };
  const part = { frame, judgement, act };
  return { part, record: partRecord(part, `r-${i}`, context) };
}
const looked = Array.from({ length: 300 }, (_, i) => {
  const { part, record } = aPart(10_000 + i, 1);
  return partFeatures(part.frame, template, record.detections, { outputs: undefined, output: undefined });
});
const reference = makeBundleDrift(looked, {
  model: { file: 'a.onnx', sha256: '0'.repeat(64) },
  source: 'the spec',
  seed: 1,
});

function make() {
  const reports: DriftReport[] = [];
  const alarms: DriftAlarm[] = [];
  const metrics = createMetrics({ resource: {}, monotonicMs: () => 0 });
  const watch = createDriftWatch({
    config: driftConfigSchema.parse({}),
    reference,
    bundle: { name: 'b', version: '1' },
    responseOutput: undefined,
    templateOf: () => template,
    emitReport: (report) => void reports.push(report),
    emitAlarm: (alarm) => void alarms.push(alarm),
    metrics,
    clock: systemClock,
    random: createRandom(3),
    log: silentLogger,
  });
  const run = async (from: number, to: number, light: (i: number) => number): Promise<void> => {
    for (let i = from; i < to; i++) {
      const { record, part } = aPart(i, light(i));
      watch.sawPart(record, part);
      if (i % 10 === 9) await watch.close();
    }
  };
  return { watch, reports, alarms, metrics, run };
}

describe('drift watch', () => {
  it('is quiet over a thousand parts like the reference and reports every window in the form of the wire', async () => {
    const { watch, reports, alarms, run } = make();
    await run(0, 1_020, () => 1);
    expect(alarms).toEqual([]);
    expect(reports.length).toBe(17);
    for (const report of reports) expect(driftReportSchema.parse(report)).toEqual(report);
    expect(watch.view()).toMatchObject({ state: 'stable', parts: 1_020, alarms: [] });
  });

  it('explains fading light: which feature, since when, how much, with examples, and says when it is over', async () => {
    const { watch, alarms, run, metrics } = make();
    await run(0, 120, () => 1);
    await run(120, 240, (i) => 1 - 0.001 * (i - 120));
    const [alarm] = alarms.filter(({ feature }) => feature === 'brightness');
    expect(driftAlarmSchema.parse(alarm)).toEqual(alarm);
    expect(alarm?.explanation).toMatch(
      /^brightness has changed since .*mean 0\.9\d+, reference (1(\.00)?|0\.99\d*) \(of the template\)/,
    );
    expect(Number(alarm?.sinceResultId?.slice(2))).toBeGreaterThan(115);
    expect(alarm?.examples.every((id) => Number(id.slice(2)) >= 120)).toBe(true);
    expect(watch.view().state).toBe('drifting');
    expect(await metrics.prometheus()).toMatch(/edge_drift_alarms [1-3]/);
    await run(240, 420, () => 1);
    expect(alarms.at(-1)?.state).toBe('cleared');
    expect(watch.view().state).toBe('stable');
  });

  it('skips and counts parts when it is behind, and looks at nothing that is no part', () => {
    const { watch } = make();
    for (let i = 0; i < 20; i++) watch.sawPart(aPart(i, 1).record, aPart(i, 1).part);
    const { record, part } = aPart(1, 1);
    watch.sawPart(record, { ...part, frame: undefined });
    watch.sawPart(record, { ...part, act: { ...part.act, trigger: undefined } });
    expect(watch.skipped()).toBe(4);
  });
});
