import {
  type Acvpu,
  acvpu,
  alarmConditions,
  alarmPhases,
  alarmPriorities,
  type AlarmSnapshot,
  alarmTypes,
  type AuditEntry,
  missingReasons,
  type News2Score,
  news2Parameters,
  sampleStatuses,
} from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { alarmCommunication, alarmFlag, alarmTask } from '../lib/resources/alarm-resources.js';
import { restAuditEvent, trailAuditEvent } from '../lib/resources/audit-event.js';
import { deviceTree } from '../lib/resources/device-tree.js';
import type { FhirResource } from '../lib/resources/fhir-elements.js';
import { manualObservation, type ManualValue } from '../lib/resources/manual-observation.js';
import { modelResources, riskResources } from '../lib/resources/model-risk.js';
import { news2Observation } from '../lib/resources/news2-observation.js';
import type { VitalSignal } from '../lib/resources/terminology.js';
import { vitalObservation, windowObservation } from '../lib/resources/vital-observation.js';
import { patientResource, wardResource } from '../lib/resources/ward-place.js';

export const stay = { site: 'north', ward: 'w3', bed: 'bed/07', stay: 's1' } as const;
const atMs = 1_760_000_000_000;

const name = fc.stringMatching(/^[a-z0-9-]{1,16}$/);
const words = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 %.,äß<>&"'-]{0,60}[a-z]$/);
const sha256 = fc.stringMatching(/^[0-9a-f]{64}$/);
const time = fc.integer({ min: atMs, max: atMs + 1e9 });
const signal = fc.constantFrom<VitalSignal>('hr', 'spo2', 'rr');
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });

const run = fc.record({
  stay: fc.constant(stay),
  device: name,
  boot: name,
  fromSeq: fc.nat(1e6),
  toSeq: fc.nat(1e6),
  startMs: fc.constant(atMs),
  endMs: time,
  statuses: fc.uniqueArray(fc.constantFrom(...sampleStatuses)),
});
const value = fc.double({ min: 0, max: 300, noNaN: true });
const absent = fc.record({ absent: fc.constantFrom(...missingReasons) });

const summary = fc
  .tuple(
    run,
    signal,
    fc.nat(120),
    fc.nat(120),
    fc.oneof(absent, fc.record({ min: value, mean: value, max: value, last: value })),
  )
  .map(([r, s, expected, usable, values]) => [vitalObservation({ ...r, signal: s, expected, usable, values })]);
const window = fc
  .tuple(run, signal, fc.array(fc.option(value), { minLength: 1, maxLength: 50 }))
  .map(([r, s, values]) => [windowObservation({ ...r, signal: s, intervalMs: 1000, values })]);

const decimalText = fc.tuple(fc.integer({ min: 10, max: 250 }), fc.nat(99)).map(([a, b]) => `${a}.${b}`);
const manualValue: fc.Arbitrary<ManualValue> = fc.oneof(
  decimalText.map((celsius) => ({ kind: 'temperature', celsius }) as const),
  fc.tuple(decimalText, optional(decimalText)).map(([systolic, diastolic]) => ({
    kind: 'blood-pressure' as const,
    systolic,
    ...(diastolic === undefined ? {} : { diastolic }),
  })),
  fc.constantFrom<Acvpu>(...acvpu).map((letter) => ({ kind: 'consciousness', acvpu: letter }) as const),
  fc
    .oneof(decimalText, fc.constantFrom('air' as const, 'unknown' as const))
    .map((litresPerMinute) => ({ kind: 'oxygen', litresPerMinute }) as const),
  fc
    .tuple(fc.constantFrom<VitalSignal>('hr', 'spo2', 'rr'), decimalText)
    .map(([signal, value]) => ({ kind: 'vital', signal, value }) as const),
);
const manual = fc
  .tuple(manualValue, name, time, name)
  .map(([v, entryId, at, by]) => [manualObservation({ stay, entryId, atMs: at, enteredMs: at + 5, by, value: v })]);

/** Any score that has the shape of one; whether it follows the chart is the score's own test. */
const score: fc.Arbitrary<News2Score> = fc
  .tuple(
    fc.constantFrom(1 as const, 2 as const),
    fc.array(fc.option(fc.nat(3)), { minLength: 7, maxLength: 7 }),
    fc.constantFrom(...missingReasons),
  )
  .map(([scale, points, why]) => {
    const subScores = news2Parameters.map((parameter, at) => {
      const known = points[at];
      return known === null || known === undefined
        ? { parameter, lo: 0, hi: 3, missing: why }
        : { parameter, points: known, lo: known, hi: known };
    });
    const lo = subScores.reduce((sum, part) => sum + part.lo, 0);
    const hi = subScores.reduce((sum, part) => sum + part.hi, 0);
    return {
      algorithm: 'NEWS2/RCP-2017',
      scale,
      ...(lo === hi ? { total: lo } : {}),
      lo,
      hi,
      complete: lo === hi,
      red: news2Parameters.filter((_, at) => points[at] === 3),
      band: lo === hi ? 'low' : 'insufficient',
      cannotExclude: 'high',
      subScores,
      observations: [],
    };
  });
const news2 = fc
  .tuple(score, time, name, fc.array(fc.uuid(), { maxLength: 7 }))
  .map(([s, at, scoreId, observationIds]) => [news2Observation({ stay, score: s, atMs: at, scoreId, observationIds })]);

const snapshot: fc.Arbitrary<AlarmSnapshot> = fc
  .record({
    alarmId: name,
    subject: fc.constant('bed/07'),
    condition: fc.constantFrom(...alarmConditions),
    type: fc.constantFrom(...alarmTypes),
    priority: fc.constantFrom(...alarmPriorities),
    phase: fc.constantFrom(...alarmPhases),
    latching: fc.boolean(),
    onsetMs: fc.nat(1e6),
    signalLost: fc.boolean(),
    responsibility: fc.constantFrom('undefined' as const, 'offered' as const, 'accepted' as const, 'rejected' as const),
    step: fc.nat(3),
    text: words,
  })
  .chain((base) =>
    fc
      .tuple(optional(fc.nat(1e6)), optional(fc.nat(1e6)), optional(name), optional(fc.nat(1e6)))
      .map(([more, ended, owner, next]) => ({
        ...base,
        ...(more === undefined
          ? {}
          : {
              conditionMs: base.onsetMs + more,
              audioPausedUntilMs: base.onsetMs + more,
              acknowledged: { by: 'n-1', atMs: base.onsetMs + more, expiresMs: base.onsetMs + more + 1 },
            }),
        ...(ended === undefined ? {} : { endedMs: base.onsetMs + ended }),
        ...(owner === undefined ? {} : { owner }),
        ...(next === undefined ? {} : { nextEscalationMs: next }),
      })),
  );
const alarm = fc
  .tuple(
    snapshot,
    fc.boolean(),
    optional(name),
    fc.nat(1e6),
    fc.constantFrom('role' as const, 'person' as const, 'station' as const),
    optional(words),
    optional(fc.nat(1e4)),
  )
  .map(([alarmSnapshot, aboutPatient, device, now, kind, failed, delivered]) => {
    const reported = {
      place: stay,
      alarm: alarmSnapshot,
      ...(aboutPatient ? { stay } : {}),
      ...(device === undefined ? {} : { device }),
      wallOffsetMs: atMs,
      atMs: now,
    };
    const attempt = {
      reported,
      offset: now,
      recipient: { kind, id: 'nurse' },
      sentMs: now,
      ...(delivered === undefined ? {} : { deliveredMs: now + delivered }),
      ...(failed === undefined ? {} : { failed }),
    };
    return [alarmFlag(reported), alarmCommunication(attempt), alarmTask(reported, 'charge-nurse')];
  });

const devices = fc
  .tuple(name, fc.array(signal), optional(name), fc.constantFrom('on' as const, 'off' as const, 'standby' as const))
  .map(([device, signals, firmware, operational]) => [
    ...deviceTree({ ...stay, device, signals, operational, ...(firmware === undefined ? {} : { firmware }) }),
    patientResource(stay),
    wardResource(stay),
  ]);
const risk = fc
  .tuple(name, sha256, fc.double({ min: 0, max: 1, noNaN: true }), words, fc.array(fc.uuid(), { maxLength: 3 }), time)
  .map(([id, hash, probability, text, observationIds, at]) => {
    const model = { name: 'vitals-anomaly', version: '1.0.0', sha256: hash, activatedMs: atMs };
    return [
      ...modelResources(model, { text: `# ${text}` }),
      ...riskResources({
        stay,
        advisoryId: id,
        atMs: at,
        model,
        probability,
        horizonMs: 3_600_000,
        outcome: text,
        observationIds,
        inputSha256: hash,
        explanation: text,
      }),
    ];
  });

const audit = fc
  .tuple(
    fc.constantFrom('create' as const, 'update' as const, 'read' as const, 'search' as const, 'delete' as const),
    fc.boolean(),
    optional(name),
    fc.boolean(),
    fc.uuid(),
    fc.constantFrom('127.0.0.1', '::1', 'gateway-3.ward'),
  )
  .map(([interaction, ok, user, withPatient, requestId, address]) => [
    restAuditEvent({
      requestId,
      atMs,
      interaction,
      client: { name: 'ward gateway', address },
      server: { name: 'FHIR server', address: 'fhir.hospital.example' },
      ...(user === undefined ? {} : { user }),
      ...(withPatient ? { patient: { reference: `Patient/${requestId}` } } : {}),
      data:
        interaction === 'search'
          ? { query: 'Observation?subject=Patient/1' }
          : { reference: `Observation/${requestId}` },
      ok,
    }),
  ]);
const trail = fc
  .tuple(
    fc.constantFrom(
      'alarm.start',
      'alarm.ack',
      'login.failed',
      'config.limits',
      'model.activated',
      'security.denied',
      'audit.read',
      'export.evidence',
      'process.start',
    ),
    fc.constantFrom('success' as const, 'refused' as const, 'failure' as const),
    fc.nat(1e9),
    optional(words),
  )
  .map(([type, result, seq, reason]) => {
    const entry: AuditEntry = {
      v: 1,
      origin: 'edge-blueprints.example/ward/north/w3',
      seq,
      boot: 'b1',
      tWall: '2026-01-02T03:04:05.678Z',
      tMonoMs: seq,
      clock: { source: 'chrony', offsetMs: 1, synced: true },
      type,
      actor: { id: 'n-17', role: 'nurse' },
      subject: { pseudonym: 'bed/07' },
      action: type,
      outcome: result,
      ...(reason === undefined ? {} : { reason }),
    };
    return [trailAuditEvent(entry, () => ({ reference: 'Patient/1' }))];
  });

/** Whatever any builder makes of any input, by builder. */
export const anyResources: Readonly<Record<string, fc.Arbitrary<readonly FhirResource[]>>> = {
  summary,
  window,
  manual,
  news2,
  alarm,
  devices,
  risk,
  audit,
  trail,
};
