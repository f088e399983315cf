import type { FhirResource } from '@edge-blueprints/clinical-io';
import { type AlarmSnapshot, DeviceError, news2Parameters, type News2Score } from '@edge-blueprints/contracts';
import type { DeliveryInput } from '@edge-blueprints/telemetry';
import { expect, it } from 'vitest';
import type { AlarmTransition } from '../alarms/alarm-transition.js';
import type { WardEvent } from '../ingest/ward-event.js';
import { createFhirRecorder } from './fhir-recorder.js';

const wallMs = 1_760_000_000_000;
const bed = 'bed/07';

function open(given: { readonly mostBuffered?: number } = {}) {
  const state = { nowMs: 0, since: 0 as number | undefined, broken: false };
  const kept: DeliveryInput[] = [];
  const recorder = createFhirRecorder({
    queue: {
      append(entries) {
        if (state.broken) return Promise.reject(new DeviceError('store.disk', 'full'));
        kept.push(...entries);
        return Promise.resolve(entries.length);
      },
    },
    ward: {
      site: 'north',
      ward: 'w3',
      patientSince: (subject) => (subject === bed ? state.since : undefined),
      chainOf: () => [
        { id: 'n-1', role: 'nurse' },
        { id: 'c-1', role: 'charge-nurse' },
      ],
    },
    clock: { nowMs: () => state.nowMs, epochMs: () => wallMs + state.nowMs },
    model: {
      name: 'vitals-anomaly',
      version: '1.0.3',
      sha256: 'a'.repeat(64),
      activatedMs: wallMs,
      card: '# card',
      horizonMs: 3_600_000,
      outcome: 'deterioration',
    },
    ...given,
  });
  const resources = async (type: string): Promise<readonly FhirResource[]> => {
    await recorder.finish();
    return kept.map(({ body }): FhirResource => JSON.parse(body)).filter(({ resourceType }) => resourceType === type);
  };
  let seq = 0;
  const sample = (measuredMs: number, value: string | undefined, more: Partial<WardEvent & { kind: 'vital' }> = {}) =>
    recorder.event({
      kind: 'vital',
      parameter: 'oxygenSaturation',
      device: 'w-1',
      bed,
      id: `w-1/b1/${seq}`,
      seq: seq++,
      receivedMs: Math.max(measuredMs, state.nowMs),
      measuredMs,
      deviceMs: measuredMs,
      order: 'live',
      deviceClock: 'good',
      quality: 90,
      status: [],
      ...(value === undefined ? {} : { value }),
      ...more,
    });
  return { recorder, state, kept, resources, sample };
}

const alarm = (more: Partial<AlarmSnapshot> = {}): AlarmSnapshot => ({
  alarmId: 'a-1',
  subject: bed,
  condition: 'spo2-low',
  type: 'SP',
  priority: 'PM',
  phase: 'on',
  latching: false,
  onsetMs: 1_000,
  conditionMs: 16_000,
  signalLost: false,
  responsibility: 'offered',
  step: 0,
  text: 'SpO2 87 % for 15 s, limit 90 %',
  ...more,
});
const transition = (kind: AlarmTransition['kind'], atMs: number, snapshot: AlarmSnapshot): AlarmTransition => ({
  kind,
  atMs,
  subject: snapshot.subject,
  alarm: snapshot,
});

it('says a minute once: mean, least, most, last, completeness; what comes too late is a run of its own', async () => {
  const { sample, state, recorder, resources, kept } = open();
  for (const [at, value] of ['95', '97', undefined, '93', '95'].entries()) sample(at * 1_000, value);
  sample(5_000, '40', { quality: 5 });
  sample(61_000, '99');
  sample(2_500, '10', { status: ['test'] });
  state.nowMs = 69_999;
  recorder.tick();
  sample(59_000, '91');
  state.nowMs = 80_000;
  recorder.tick();
  await Promise.resolve();
  expect(kept.filter(({ rank }) => rank === 'summary')).toHaveLength(2);
  sample(30_000, '88', { order: 'replayed' });
  const found = await resources('Observation');
  expect(new Set(found.map(({ id }) => id)).size).toBe(4);
  const [minute, test, next, replayed] = found;
  expect(minute).toMatchObject({
    effectiveDateTime: new Date(wallMs + 60_000).toISOString(),
    valueQuantity: { value: 94.2 },
    component: [
      { valueQuantity: { value: 91 } },
      { valueQuantity: { value: 97 } },
      { valueQuantity: { value: 91 } },
      { valueQuantity: { value: 8.3 } },
      {},
    ],
  });
  expect(test).toMatchObject({ dataAbsentReason: { text: 'test-data' }, meta: { security: [{ code: 'HTEST' }] } });
  expect([next, replayed]).toMatchObject([{ valueQuantity: { value: 99 } }, { valueQuantity: { value: 88 } }]);
});

it('writes what others point at before them and once, and nothing of a sample that is nobody’s', async () => {
  const { sample, state, kept, recorder } = open();
  state.since = undefined;
  sample(0, '95');
  state.since = 5_000;
  sample(4_000, '95');
  sample(6_000, '95');
  sample(7_000, '96');
  expect(recorder.stats().unclaimed).toBe(2);
  await recorder.finish();
  const types = kept.map(({ body }) => String(JSON.parse(body).resourceType));
  expect(types.filter((type) => type === 'Patient')).toHaveLength(1);
  expect(types.at(-1)).toBe('Observation');
  expect(types.slice(0, 3)).toEqual(['Location', 'Device', 'DocumentReference']);
  expect(types.indexOf('DeviceMetric')).toBeLessThan(types.indexOf('Observation'));
});

it('tells each change of an alarm, whose it was when it began, and each step of who must act', async () => {
  const { recorder, state, resources } = open();
  recorder.transitions([
    transition('pending', 2_000, alarm({ phase: 'pending' })),
    transition('start', 16_000, alarm()),
    transition('continue', 20_000, alarm()),
    transition('redirect', 196_000, alarm({ step: 1 })),
    transition('accept', 200_000, alarm({ step: 1, responsibility: 'accepted', owner: 'c-1' })),
  ]);
  state.since = 300_000;
  recorder.transitions([
    transition(
      'end',
      310_000,
      alarm({ step: 1, responsibility: 'accepted', owner: 'c-1', phase: 'ended', endedMs: 310_000 }),
    ),
    transition('start', 320_000, alarm({ alarmId: 'a-2', onsetMs: 310_000 })),
    transition('start', 320_000, alarm({ alarmId: 'a-3', onsetMs: 1_000 })),
  ]);
  recorder.delivery({
    event: { offset: 4, phase: 'start', sentMs: 16_000, alarm: alarm() },
    station: 'desk-1',
    paintedMs: 16_300,
  });
  const flags = await resources('Flag');
  const subjects = flags.map(({ subject }) => JSON.stringify(subject));
  expect(flags.map(({ status }) => status)).toEqual(['active', 'active', 'active', 'inactive', 'active', 'active']);
  expect(new Set(subjects.slice(0, 4)).size).toBe(1);
  expect(subjects[4]).not.toBe(subjects[0]);
  // Older than the patient in the bed, and of an alarm nobody remembers: not pinned on anyone.
  expect(subjects[5]).toContain('Location/');
  const tasks = await resources('Task');
  const ofFirst = tasks.filter(({ focus }) => JSON.stringify(focus).includes(flags[0]?.id ?? '-'));
  const history = new Map<string, string[]>();
  for (const { id, status } of ofFirst) history.set(id, [...(history.get(id) ?? []), String(status)]);
  expect([...history.values()]).toEqual([
    ['requested', 'cancelled'],
    ['requested', 'accepted', 'completed'],
  ]);
  expect(await resources('Communication')).toMatchObject([
    { status: 'completed', received: new Date(wallMs + 16_300).toISOString() },
  ]);
});

const score = (hi: number, more: Partial<News2Score> = {}): News2Score => ({
  algorithm: 'NEWS2/RCP-2017',
  scale: 1,
  lo: 0,
  hi,
  complete: false,
  red: [],
  band: 'insufficient',
  cannotExclude: 'low',
  subScores: news2Parameters.map((parameter) => ({ parameter, lo: 0, hi: 0, points: 0 })),
  observations: [],
  ...more,
});

it('writes a score when it changed, a change of band at once, and names the manual observations it went by', async () => {
  const { recorder, resources } = open();
  recorder.observation({
    bed,
    by: 'n-1',
    atMs: 900,
    observation: { temperatureCelsius: '38.4', breathing: 'oxygen', pulsePerMinute: '88', systolicMmHg: '118' },
    diastolicMmHg: '72',
  });
  recorder.score(bed, score(3), 1_000);
  recorder.score(bed, score(3), 9_000);
  recorder.score(bed, score(4, { observations: [`manual/${bed}/900/1`] }), 10_000);
  recorder.score(bed, score(3), 11_000);
  recorder.score(bed, score(9, { lo: 7, band: 'high' }), 11_500);
  const found = await resources('Observation');
  const manual = found.filter(({ performer }) => performer !== undefined);
  expect(manual.map((one) => one['code'])).toMatchObject([
    { text: 'Pulse rate' },
    { text: 'Blood pressure' },
    { text: 'Body temperature' },
    { text: 'Inhaled oxygen flow rate' },
  ]);
  expect(manual[1]?.['component']).toMatchObject([{ valueQuantity: { value: 118 } }, { valueQuantity: { value: 72 } }]);
  const scores = found.filter(({ performer }) => performer === undefined);
  expect(scores.map(({ effectiveDateTime }) => Date.parse(String(effectiveDateTime)) - wallMs)).toEqual([
    1_000, 10_000, 11_500,
  ]);
  expect(scores[1]?.['derivedFrom']).toEqual(manual.map(({ id }) => ({ reference: `Observation/${id}` })));
});

it('writes the raw values around an alarm, once', async () => {
  const { recorder, resources, sample, state } = open();
  for (let at = 0; at < 400_000; at += 1_000) {
    state.nowMs = at;
    sample(at, '88');
    if (at === 200_000) recorder.transitions([transition('start', at, alarm())]);
    recorder.tick();
  }
  const raw = (await resources('Observation')).filter((one) => one['valueSampledData'] !== undefined);
  expect(raw.map((one) => one['effectivePeriod'])).toMatchObject([
    { start: new Date(wallMs).toISOString(), end: new Date(wallMs + 300_000).toISOString() },
    { start: new Date(wallMs + 300_000).toISOString() },
  ]);
  expect(raw[0]?.['valueSampledData']).toMatchObject({ period: 1_000, data: Array(300).fill('88').join(' ') });
});

it('writes an advisory when it is raised, moves or falls, with what it went by', async () => {
  const { recorder, resources, sample, state } = open();
  sample(1_000, '91');
  state.nowMs = 75_000;
  recorder.tick();
  const judged = (probability: number, raised: boolean, atMs: number): void =>
    recorder.advisory(
      bed,
      {
        kind: 'advice',
        view: {
          probability,
          raised,
          model: 'vitals-anomaly 1.0.3',
          base: 0.1,
          explanation: [{ feature: 'spo2', share: 0.4 }],
        },
        occlusion: [],
        input: {
          subject: bed,
          condition: 'model-advisory',
          state: 'true',
          priority: 'PL',
          text: '',
          facts: { input: 'f'.repeat(64) },
        },
      },
      atMs,
    );
  judged(0.2, false, 76_000);
  judged(0.6, true, 77_000);
  judged(0.62, true, 78_000);
  judged(0.8, true, 79_000);
  judged(0.3, false, 80_000);
  const risks = await resources('RiskAssessment');
  expect(risks.map(({ prediction }) => prediction)).toMatchObject([
    [{ probabilityDecimal: 0.6, rationale: 'spo2 +0.400' }],
    [{ probabilityDecimal: 0.8 }],
    [{ probabilityDecimal: 0.3 }],
  ]);
  const [summary] = await resources('Observation');
  expect(risks[0]?.['basis']).toEqual([{ reference: `Observation/${summary?.id}` }]);
  expect(await resources('Provenance')).toHaveLength(3);
});

it('keeps what a full disk refused, within its bound, and writes it when the disk takes it again', async () => {
  const { recorder, state, kept } = open({ mostBuffered: 5 });
  state.broken = true;
  for (let at = 0; at < 8; at++)
    recorder.transitions([transition('start', at, alarm({ alarmId: `a-${at}`, responsibility: 'undefined' }))]);
  await recorder.finish();
  expect(recorder.stats()).toMatchObject({ stored: 0, buffered: 5, lastFailure: 'store.disk' });
  expect(recorder.stats().dropped).toBeGreaterThan(0);
  state.broken = false;
  await recorder.finish();
  expect(kept).toHaveLength(5);
  expect(recorder.stats()).toMatchObject({ stored: 5, buffered: 0 });
});
