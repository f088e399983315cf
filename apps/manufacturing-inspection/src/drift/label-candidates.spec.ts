import { labelCandidateSchema, silentLogger, systemClock } from '@edge-blueprints/contracts';
import type { FleetEventData } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { partRecord } from '../record/part-record.js';
import { aDefect, aFrame, aJudgement, aTrigger } from '../testing/fakes.js';
import { createLabelCandidates } from './label-candidates.js';

const context = { station: 's', simulated: true, clockSynchronised: true, epochMs: () => 0 };
function aPart(decision: Parameters<typeof aJudgement>[0], tracked = true) {
  const judgement = aJudgement(decision);
  const verdict = judgement.decision.kind === 'pass' ? ('pass' as const) : ('reject' as const);
  const act = {
    trigger: tracked ? aTrigger() : undefined,
    decision: judgement.decision,
    verdict,
    reason: '',
    reasonCode: 0,
    outcome: { kind: 'published' as const, atMs: 1 },
    actMs: 1,
    atMs: 1,
  };
  const part = { frame: aFrame(), judgement, act };
  return { part, record: partRecord(part, 'r-1', context) };
}

function make(bytes = 10) {
  const emitted: FleetEventData<'edge-blueprints.label-candidate.v1'>[] = [];
  const candidates = createLabelCandidates({
    sampler: {
      consider: ({ verdict, label }) => ({ drawn: true, stratum: `${verdict} ${label}`, inclusionProbability: 0.25 }),
      snapshot: () => ({ drawnToday: 0, strata: [] }),
    },
    encode: async ({ width, height }) => ({ mime: 'image/png', width, height, bytes: new Uint8Array(bytes) }),
    templateOf: () => aFrame(),
    emit: (candidate) => void emitted.push(candidate),
    clock: systemClock,
    log: silentLogger,
  });
  return { candidates, emitted };
}

describe('label candidates', () => {
  it('carry verdict, stratum, the probability of the draw and both pictures, as the wire wants them', async () => {
    const { candidates, emitted } = make();
    const { record, part } = aPart({ kind: 'reject', defects: [aDefect('spur', 3)] });
    candidates.sawPart(record, part);
    await candidates.close();
    const [candidate] = emitted;
    expect(labelCandidateSchema.parse(candidate)).toEqual(candidate);
    expect(candidate).toMatchObject({ verdict: 'reject', stratum: 'reject spur', inclusionProbability: 0.25 });
    expect(candidate?.pictures.map(({ role }) => role)).toEqual(['test', 'template']);
  });

  it('leave out parts that no model judged and frames that are no part', async () => {
    const { candidates, emitted } = make();
    for (const { record, part } of [aPart({ kind: 'abstain', code: 'x', message: '' }), aPart({ kind: 'pass' }, false)])
      candidates.sawPart(record, part);
    await candidates.close();
    expect(emitted).toEqual([]);
    expect(candidates.skipped()).toBe(0);
  });

  it('skip and count what is too much at once or too large for the wire', async () => {
    const crowd = make();
    for (let i = 0; i < 6; i++) crowd.candidates.sawPart(aPart({ kind: 'pass' }).record, aPart({ kind: 'pass' }).part);
    await crowd.candidates.close();
    expect([crowd.emitted.length, crowd.candidates.skipped()]).toEqual([4, 2]);
    const large = make(100_000);
    large.candidates.sawPart(aPart({ kind: 'pass' }).record, aPart({ kind: 'pass' }).part);
    await large.candidates.close();
    expect([large.emitted.length, large.candidates.skipped()]).toEqual([0, 1]);
  });
});
