import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGoldenCheck } from './golden-check.js';
import { createGoldenInterlock } from './golden-interlock.js';
import type { GoldenPart } from './golden-set.js';
import { aDefect, aJudgement } from '../testing/fakes.js';

const good = { name: 'good board', expected: 'pass', got: 'pass', ok: true };
const missed = { name: 'board with open', expected: 'reject open', got: 'pass', ok: false };
const create = () => createGoldenInterlock({ nowIso: () => '2026-01-01T00:00:00.000Z' });
const picture = { width: 1, height: 1, pixels: new Uint8Array(1) };
const part = (name: string, expected: 'pass' | 'reject', ...labels: string[]): GoldenPart => ({
  name,
  expected,
  labels,
  image: picture,
  template: picture,
});

describe('golden interlock', () => {
  it('starts unchecked, passes after a right run and is due again after a change', () => {
    const interlock = create();
    expect(interlock.state()).toBe('never');
    const run = interlock.begin() ?? 0;
    expect(interlock.state()).toBe('running');
    interlock.finish(run, [good]);
    expect(interlock.view(false)).toMatchObject({ state: 'passed', at: '2026-01-01T00:00:00.000Z', results: [good] });
    interlock.makeDue('threshold of open changed');
    expect(interlock.view(false)).toMatchObject({ state: 'due', detail: 'threshold of open changed' });
  });

  it('names the part that failed', () => {
    const interlock = create();
    interlock.finish(interlock.begin() ?? 0, [good, missed]);
    expect(interlock.view(false)).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('board with open: expected reject open, got pass'),
    });
  });

  it('does not count a run during which something changed', () => {
    const interlock = create();
    const run = interlock.begin() ?? 0;
    interlock.makeDue('model changed');
    interlock.finish(run, [good]);
    expect(interlock.state()).toBe('due');
  });

  it('fails for an empty set, a run that broke off, and ignores results of an older run', () => {
    const interlock = create();
    interlock.finish(interlock.begin() ?? 0, []);
    expect(interlock.state()).toBe('failed');
    const broken = interlock.begin() ?? 0;
    interlock.abandon(broken, 'engine gone');
    expect(interlock.view(false)).toMatchObject({ state: 'failed', detail: 'engine gone' });
    interlock.begin();
    interlock.finish(broken, [good]);
    expect(interlock.state()).toBe('running');
    expect(interlock.begin()).toBeUndefined();
  });

  it('shows a bypass, but not over a passed check', () => {
    const interlock = create();
    expect(interlock.view(true).state).toBe('bypassed');
    interlock.finish(interlock.begin() ?? 0, [good]);
    expect(interlock.view(true).state).toBe('passed');
  });

  it('is passed only directly after a right run with no change since it began', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('begin', 'right', 'wrong', 'change', 'abandon'), { maxLength: 40 }),
        (steps) => {
          const interlock = create();
          let run: number | undefined;
          let clean = false;
          let passed = false;
          for (const step of steps) {
            if (step === 'begin') {
              const begun = interlock.begin();
              if (begun !== undefined) [run, clean, passed] = [begun, true, false];
            } else if (step === 'change') {
              interlock.makeDue('changed');
              [clean, passed] = [false, false];
            } else if (run !== undefined) {
              if (step === 'right') interlock.finish(run, [good]);
              else if (step === 'wrong') interlock.finish(run, [missed]);
              else interlock.abandon(run, 'broken');
              passed = step === 'right' && clean;
              run = undefined;
            }
            expect(interlock.state() === 'passed').toBe(passed);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('golden check', () => {
  const runWith = async (
    parts: readonly GoldenPart[],
    decisions: Readonly<Record<string, Parameters<typeof aJudgement>[0]>>,
  ) => {
    const interlock = create();
    const check = createGoldenCheck({
      parts,
      interlock,
      judge: async ({ name }) => aJudgement(decisions[name]),
      onChange: () => undefined,
    });
    await check.run();
    return interlock.view(false);
  };

  it('passes when known-good parts pass and known-bad parts are rejected for their defect', async () => {
    const view = await runWith([part('g', 'pass'), part('b', 'reject', 'open')], {
      g: { kind: 'pass' },
      b: { kind: 'reject', defects: [aDefect('open')] },
    });
    expect(view.state).toBe('passed');
  });

  it.each([
    ['a known-bad part passes', { g: { kind: 'pass' }, b: { kind: 'pass' } }, 'b: expected reject open, got pass'],
    [
      'a known-bad part is rejected for something else',
      { g: { kind: 'pass' }, b: { kind: 'reject', defects: [aDefect('short')] } },
      'got reject short',
    ],
    [
      'a known-good part is rejected',
      { g: { kind: 'reject', defects: [aDefect('open')] }, b: { kind: 'reject', defects: [aDefect('open')] } },
      'g: expected pass',
    ],
    [
      'the judge abstains on a known-bad part',
      { g: { kind: 'pass' }, b: { kind: 'abstain', code: 'infer.failed', message: '' } },
      'got abstain infer.failed',
    ],
  ] as const)('fails when %s', async (_case, decisions, detail) => {
    const view = await runWith([part('g', 'pass'), part('b', 'reject', 'open')], decisions);
    expect(view).toMatchObject({ state: 'failed', detail: expect.stringContaining(detail) });
  });

  it('proves the model that stands in as well, and fails with the name of the part that this one misjudges', async () => {
    const interlock = create();
    const by =
      (digest: string, wrong = '') =>
      async ({ name }: GoldenPart) => {
        const judgement = aJudgement(
          name === wrong ? { kind: 'reject', defects: [aDefect('open')] } : { kind: 'pass' },
        );
        return { ...judgement, model: { ...judgement.model, digest } };
      };
    const parts = [part('g', 'pass'), part('h', 'pass')];
    const set = { parts, interlock, onChange: () => undefined };
    const both = createGoldenCheck({ ...set, judge: by('far'), standIn: by('near') });
    expect(both.proved('far')).toBe(false);
    await both.run();
    expect(interlock.state()).toBe('passed');
    expect(['far', 'near', 'other'].map(both.proved)).toEqual([true, true, false]);

    const bad = createGoldenCheck({ ...set, judge: by('far'), standIn: by('near', 'h') });
    await bad.run();
    expect(interlock.view(false)).toMatchObject({ state: 'failed', detail: expect.stringContaining('h without the') });
    expect(['far', 'near'].map(bad.proved)).toEqual([true, false]);
  });

  it.each([
    ['infer.safe-state', 2, 'passed', 3],
    ['infer.safe-state', 3, 'failed', 3],
    ['infer.failed', 1, 'failed', 1],
  ] as const)('after %s %i times is %s, judged %i times', async (code, times, state, judged) => {
    const interlock = create();
    let calls = 0;
    const judge = async () => {
      calls += 1;
      return aJudgement(calls <= times ? { kind: 'abstain', code, message: '' } : { kind: 'pass' });
    };
    await createGoldenCheck({ parts: [part('g', 'pass')], interlock, judge, onChange: () => undefined }).run();
    expect([interlock.state(), calls]).toEqual([state, judged]);
  });

  it('does not count a model as proved that judged some of the parts only', async () => {
    const interlock = create();
    const judge = async ({ name }: GoldenPart) => {
      const judgement = aJudgement({ kind: 'pass' });
      return { ...judgement, model: { ...judgement.model, digest: name } };
    };
    const check = createGoldenCheck({
      parts: [part('far', 'pass'), part('near', 'pass')],
      ...{ interlock, judge, onChange: () => undefined },
    });
    await check.run();
    expect(['far', 'near'].map(check.proved)).toEqual([false, false]);
  });

  it('fails with the reason when the judge throws', async () => {
    const interlock = create();
    const judge = () => Promise.reject(new TypeError('broken'));
    await createGoldenCheck({ parts: [part('g', 'pass')], interlock, judge, onChange: () => undefined }).run();
    expect(interlock.view(false)).toMatchObject({ state: 'failed', detail: 'broken' });
  });
});
