import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryTrail } from '../../testing/memory-trail.js';
import { createObservationDesk, observationSettingsSchema } from './observation-desk.js';
import type { ContinuousParameter, SignalReading } from './signal-window.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const nurse = { id: 'n-1', role: 'nurse' } as const;
const physician = { id: 'p-1', role: 'physician' } as const;
const adult = { ageYears: 60, pregnant: false };
const whole = { breathing: 'air', systolicMmHg: '120', consciousness: 'A', temperatureCelsius: '37.0' };
const settings = observationSettingsSchema.parse({ windowMs: 0 });

function reading(
  parameter: ContinuousParameter,
  value: string,
  measuredMs: number,
  more: Partial<SignalReading> = {},
): SignalReading {
  return { parameter, value, measuredMs, observation: `${parameter}/${measuredMs}`, grade: 'good', ...more };
}

async function openBed(options: { readonly windowMs?: number } = {}) {
  const trail = createMemoryTrail();
  const desk = createObservationDesk({ trail, settings: { ...settings, ...options } });
  await desk.startPatient('bed/07', adult, nurse, 0);
  const sense = (atMs: number, pulse = '70', spo2 = '97', rr = '16') => {
    desk.take('bed/07', reading('pulse', pulse, atMs));
    desk.take('bed/07', reading('oxygenSaturation', spo2, atMs));
    desk.take('bed/07', reading('respiration', rr, atMs));
  };
  const score = (atMs: number) => desk.score('bed/07', atMs)?.score;
  const missing = (atMs: number) =>
    score(atMs)?.subScores.flatMap(({ parameter, missing: why }) => (why === undefined ? [] : [`${parameter} ${why}`]));
  return { desk, trail, sense, score, missing };
}

describe('observations of a bed', () => {
  it('give a total once sensors and a whole manual set are known, and name what lies behind it', async () => {
    const { desk, sense, score } = await openBed();
    sense(1_000);
    expect(score(1_000)).toMatchObject({ complete: false, band: 'insufficient' });
    expect(await desk.record('bed/07', whole, nurse, 2_000)).toEqual({ outcome: 'done' });
    expect(score(2_000)).toMatchObject({ total: 0, band: 'zero' });
    expect(score(2_000)?.observations).toEqual([
      'respiration/1000',
      'oxygenSaturation/1000',
      'manual/bed/07/2000/1',
      'pulse/1000',
    ]);
  });

  it('M22: a continuous signal is stale 30 s after its last sample, with its last value', async () => {
    const { desk, sense, missing } = await openBed();
    await desk.record('bed/07', whole, nurse, 0);
    sense(0);
    expect(missing(29_999)).toEqual([]);
    expect(missing(30_000)).toEqual(['respiration stale', 'oxygenSaturation stale', 'pulse stale']);
  });

  it('says why a sensor is silent, and lets a count by hand stand in for it', async () => {
    const { desk, sense, missing, score } = await openBed();
    await desk.record('bed/07', whole, nurse, 0);
    sense(0);
    desk.take('bed/07', { ...reading('oxygenSaturation', '', 40_000), grade: 'unusable', why: 'lead-off' });
    expect(missing(40_000)).toContain('oxygenSaturation lead-off');
    await desk.record('bed/07', { respirationPerMinute: '25' }, nurse, 41_000);
    expect(score(41_000)?.red).toEqual(['respiration']);
    desk.take('bed/07', reading('respiration', '16', 42_000));
    expect(score(42_000)?.red).toEqual([]);
  });

  it('M23: how long a manual value counts follows the last band, and the task is raised with it', async () => {
    const { desk, sense, score, missing } = await openBed();
    await desk.record('bed/07', whole, nurse, 0);
    sense(5 * hourMs, '95');
    expect(score(5 * hourMs)).toMatchObject({ total: 1, band: 'low' });
    sense(5 * hourMs + 1, '131', '94', '21');
    expect(score(5 * hourMs + 1)).toMatchObject({ total: 6, band: 'medium' });
    expect(missing(5 * hourMs + 2)).toContain('systolic stale');
    expect(desk.score('bed/07', 5 * hourMs + 2)?.tasks.every(({ overdue }) => overdue)).toBe(true);
    sense(5 * hourMs + 3);
    expect(missing(5 * hourMs + 3)).toContain('systolic stale');
    await desk.record('bed/07', whole, nurse, 5 * hourMs + 4);
    expect(score(5 * hourMs + 4)).toMatchObject({ total: 0 });
    expect(desk.score('bed/07', 5 * hourMs + 5)?.tasks).toMatchObject([
      { dueMs: 17 * hourMs + 4, overdue: false },
      {},
      {},
      {},
    ]);
  });

  it('never lets an old value become young again while nothing new is measured', async () => {
    const { desk, sense } = await openBed();
    await desk.record('bed/07', whole, nurse, 0);
    fc.assert(
      fc.property(
        fc.array(fc.record({ stepMs: fc.integer({ min: 1, max: hourMs }), pulse: fc.integer({ min: 30, max: 150 }) }), {
          maxLength: 40,
        }),
        (steps) => {
          const copy = createObservationDesk({ trail: createMemoryTrail(), settings, restored: desk.snapshot() });
          let atMs = 0;
          let before = 0;
          for (const { stepMs, pulse } of steps) {
            atMs += stepMs;
            copy.take('bed/07', reading('pulse', String(pulse), atMs));
            const stale = copy
              .score('bed/07', atMs)
              ?.score?.subScores.find(({ parameter }) => parameter === 'systolic')?.missing;
            if (before === 1) expect(stale).toBe('stale');
            before = stale === undefined ? 0 : 1;
          }
        },
      ),
      { seed: 3, numRuns: 60 },
    );
    sense(1);
  });

  it('follows the median of the window, so that one artefact changes nothing', async () => {
    const { desk, score } = await openBed({ windowMs: 60_000 });
    await desk.record('bed/07', whole, nurse, 0);
    for (let s = 0; s < 60; s += 1)
      for (const [parameter, usual] of [
        ['pulse', 70],
        ['oxygenSaturation', 97],
        ['respiration', 16],
      ] as const)
        desk.take('bed/07', reading(parameter, String(s % 3 === 0 ? usual * 0.6 : usual), s * 1_000));
    expect(score(60_000)).toMatchObject({ total: 0 });
    desk.take('bed/07', reading('pulse', '180', 60_500, { grade: 'suspect' }));
    expect(score(60_500)).toMatchObject({ total: 0 });
  });

  it('M18, M19, M21: refuses implausible entries by field, all at once, and keeps what it had', async () => {
    const { desk, trail, sense, score } = await openBed();
    await desk.record('bed/07', whole, nurse, 0);
    sense(0);
    const answer = await desk.record(
      'bed/07',
      { temperatureCelsius: '98.6', systolicMmHg: '0', pulsePerMinute: '0' },
      nurse,
      1,
    );
    expect(answer).toMatchObject({ outcome: 'refused', why: 'input' });
    const text = answer.outcome === 'refused' ? answer.text : '';
    for (const part of ['98.6 looks like degrees Fahrenheit', '0 is not plausible (30 to 300)', 'resuscitation'])
      expect(text).toContain(part);
    expect(score(1)).toMatchObject({ total: 0 });
    expect(trail.drafts.at(-1)).toMatchObject({
      type: 'observation.record',
      outcome: 'refused',
      subject: { pseudonym: 'bed/07' },
    });
    expect(trail.drafts.at(-1)).not.toHaveProperty('payload');
    for (const bad of [
      {},
      { systolicMmHg: 120 },
      { systolicMmHg: 'NaN' },
      { name: 'x' },
      null,
      { temperatureCelsius: '1e1' },
    ])
      expect(await desk.record('bed/07', bad, nurse, 2)).toMatchObject({ why: 'input' });
  });

  it('M24: confusion counts as new unless it is known to be old', async () => {
    const { desk, sense, score } = await openBed();
    sense(0);
    await desk.record('bed/07', { ...whole, consciousness: 'C' }, nurse, 0);
    expect(score(0)).toMatchObject({ total: 3, red: ['consciousness'] });
    await desk.record('bed/07', { consciousness: 'C', confusion: 'baseline' }, nurse, 1);
    expect(score(1)).toMatchObject({ total: 0 });
  });

  it('M25: scale 2 is a physician’s act with a reason, in the trail either way, and reversible', async () => {
    const { desk, trail, sense, score } = await openBed();
    await desk.record('bed/07', whole, nurse, 0);
    sense(0, '70', '90');
    expect(await desk.setScale('bed/07', 2, 'target 88 to 92', nurse, 0)).toMatchObject({
      outcome: 'refused',
      why: 'role',
    });
    expect(score(0)).toMatchObject({ scale: 1, total: 3 });
    expect(trail.drafts.at(-1)).toMatchObject({ type: 'observation.scale', outcome: 'refused', actor: nurse });
    expect(await desk.setScale('bed/07', 2, ' ', physician, 0)).toMatchObject({ why: 'input' });
    await desk.setScale('bed/07', 2, 'target 88 to 92', physician, 0);
    expect(score(0)).toMatchObject({ scale: 2, total: 0 });
    await desk.setScale('bed/07', 1, 'target lifted', physician, 0);
    expect(score(0)).toMatchObject({ scale: 1, total: 3 });
  });

  it('M26: whom the chart does not fit has no number, and the trail holds no age', async () => {
    const { desk, trail } = await openBed();
    await desk.startPatient('bed/08', { ageYears: 15, pregnant: false }, nurse, 0);
    expect(desk.score('bed/08', 0)).toMatchObject({ refused: 'news2.age' });
    expect(desk.score('bed/08', 0)).not.toHaveProperty('score');
    expect(JSON.stringify(trail.drafts)).not.toMatch(/age|15/);
  });

  it('forget the last patient of a bed, and survive a restart otherwise', async () => {
    const { desk, sense } = await openBed();
    await desk.record('bed/07', { ...whole, systolicMmHg: '80' }, nurse, 0);
    const again = createObservationDesk({
      trail: createMemoryTrail(),
      settings,
      restored: JSON.parse(JSON.stringify(desk.snapshot())),
    });
    expect(again.score('bed/07', 1)?.score?.red).toEqual(['systolic']);
    sense(0);
    await desk.startPatient('bed/07', adult, nurse, 1);
    expect(desk.score('bed/07', 1)?.score).toMatchObject({ lo: 0, hi: 20, scale: 1, band: 'insufficient' });
  });

  it('take no act that the trail did not take', async () => {
    const { desk, trail, score } = await openBed();
    trail.broken = true;
    expect(await desk.record('bed/07', { systolicMmHg: '80' }, nurse, 1)).toMatchObject({
      outcome: 'refused',
      why: 'audit',
    });
    expect(score(1)?.red).toEqual([]);
  });

  it('ask for a first complete set within the hour', async () => {
    const { desk } = await openBed();
    expect(desk.score('bed/07', hourMs - 1)?.tasks.some(({ overdue }) => overdue)).toBe(false);
    expect(desk.score('bed/07', hourMs)?.tasks.every(({ overdue }) => overdue)).toBe(true);
  });
});
