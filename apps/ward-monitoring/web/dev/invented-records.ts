import type {
  AlarmRecord,
  AuditEntry,
  AuditEvidence,
  BedHistory,
  HandoverView,
  WardView,
} from '@edge-blueprints/contracts';

const stepMs = 5 * 60_000;

export function inventedHistory(bed: string, hours: number, nowMs: number): BedHistory {
  const steps = Math.round((hours * 3_600_000) / stepMs);
  const series = (base: number, size: number, rise: number): (number | null)[] =>
    Array.from({ length: steps }, (_, i) =>
      i % 61 > 56 ? null : base + size * Math.sin(i / 5) + rise * (i / steps) ** 3,
    );
  const lo = series(1, 0.4, 5).map((value) => (value === null ? 0 : Math.round(value)));
  return {
    bed,
    fromMs: nowMs - steps * stepMs,
    stepMs,
    series: {
      pulse: series(76, 4, 30),
      oxygenSaturation: series(96.5, 0.7, -7),
      respiration: series(15, 1, 9),
      systolic: series(126, 6, -14),
      temperature: series(36.9, 0.2, 1.1),
      scoreLo: lo,
      scoreHi: lo.map((value, i) => value + (i % 61 > 50 ? 9 : i % 29 > 24 ? 3 : 0)),
    },
  };
}

export function inventedHandover({ beds, alarms }: WardView, nowMs: number): HandoverView {
  return {
    fromAt: new Date(nowMs - 7 * 3_600_000).toISOString(),
    toAt: new Date(nowMs).toISOString(),
    beds: beds.map(({ bed, label, score, overdue }) => ({
      bed,
      label,
      scoreAtStart: '1',
      scoreNow: score === null ? 'none' : score.complete ? String(score.lo) : `${score.lo}–${score.hi}`,
      highest: score?.lo ?? null,
      scale: score?.scale ?? 1,
      alarms: { PH: 0, PM: alarms.filter(({ subject }) => subject === bed).length, PL: 1 },
      open: alarms.filter(({ subject }) => subject === bed).map(({ text }) => text),
      overdue: overdue.map(({ parameter, overdueMin }) => `${parameter} overdue by ${overdueMin} min`),
      notes: [
        { at: new Date(nowMs - 3 * 3_600_000).toISOString(), what: 'Observations recorded, NEWS2 2', by: 'm.keller' },
        { at: new Date(nowMs - 2 * 3_600_000).toISOString(), what: 'SpO2 low for 40 s, acknowledged', by: 'j.ortiz' },
      ],
    })),
  };
}

export function inventedAlarmHistory({ alarms }: WardView, nowMs: number): readonly AlarmRecord[] {
  return alarms.map((alarm, i) => ({
    alarm,
    startedAt: new Date(alarm.onsetMs).toISOString(),
    endedAt: i % 3 === 0 ? null : new Date(nowMs).toISOString(),
    acknowledgedAfterMs: i % 2 === 0 ? 21_000 : null,
    moments: [
      { at: new Date(alarm.onsetMs).toISOString(), what: 'started', by: null },
      { at: new Date(alarm.onsetMs + 21_000).toISOString(), what: 'acknowledged', by: 'm.keller' },
    ],
  }));
}

const acts = [
  'alarm.start',
  'alarm.ack',
  'observation.record',
  'patient.read',
  'assoc.start',
  'session.start',
] as const;

export function inventedAudit(nowMs: number): readonly AuditEntry[] {
  return Array.from({ length: 260 }, (_, i) => {
    const type = acts[i % acts.length] ?? 'alarm.start';
    return {
      v: 1 as const,
      origin: 'edge-blueprints.example/ward/st-anne/4-west',
      seq: 259 - i,
      boot: 'b1',
      tWall: new Date(nowMs - i * 37_000).toISOString(),
      tMonoMs: (260 - i) * 37_000,
      clock: { source: 'chrony', offsetMs: 1, synced: true },
      type,
      actor: type === 'alarm.start' ? { id: 'engine', role: 'system' } : { id: 'm.keller', role: 'nurse' },
      subject: { pseudonym: `bed/${String((i % 12) + 1).padStart(2, '0')}` },
      action: type.replace('.', ' '),
      outcome: i % 31 === 7 ? ('refused' as const) : ('success' as const),
      ...(i % 31 === 7 ? { reason: 'nurse may not: set SpO2 scale 2' } : {}),
      payloadCommit: 'c4'.repeat(32),
    };
  });
}

export function inventedEvidence(entry: AuditEntry): AuditEvidence {
  return {
    entry,
    leafHash: 'a1'.repeat(32),
    inclusion: { size: 260, proof: Array.from({ length: 8 }, (_, i) => `${i}b`.repeat(32)) },
    checkpoint: `${entry.origin}\n260\nq83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=\n\n— ${entry.origin} Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n`,
    witnesses: [],
    checks: [
      { what: 'integrity', ok: true },
      { what: 'inclusion', ok: true },
      { what: 'signature', ok: true },
      { what: 'witness', ok: null },
    ],
  };
}
