import { alarmActSchema, wardRoles, type AlarmAct } from '@edge-blueprints/contracts';
import { describe, expect, test } from 'vitest';
import { actRights } from './act-rights.js';
import { alarmConfigSchema } from './alarm-config.js';
import { canonicalJson } from './canonical-json.js';
import { inCharge, memoryJournal, memoryTrail, nurse, sampleDesk } from '../testing/alarms/desk-sample.js';

const bed = 'bed/07';
const chain = [nurse, inCharge].map(({ id, role }) => ({ id, role }));

describe('the order of things', () => {
  test('journal, then trail, then the stations, then the answer to an act', async () => {
    const order: string[] = [];
    const memory = memoryJournal();
    const trail = memoryTrail();
    const append = memory.journal.append;
    const journal = {
      ...memory,
      journal: { ...memory.journal, append: (e: Parameters<typeof append>[0]) => (order.push('journal'), append(e)) },
    };
    const record = trail.audit.record;
    const memory2 = {
      ...trail,
      audit: { record: (d: Parameters<typeof record>[0]) => (order.push('trail'), record(d)) },
    };
    const { desk, spo2, pass, alarmOf } = await sampleDesk({
      memory: journal,
      memoryTrail: memory2,
      publish: () => order.push('published'),
    });
    await spo2(bed, 'true');
    await pass(5_000);
    order.length = 0;
    await desk
      .act(nurse, { act: 'acknowledge', alarmId: alarmOf(bed)?.alarmId ?? '' })
      .then(() => order.push('answered'));
    expect(order).toEqual(['journal', 'trail', 'published', 'answered']);
  });

  test('two stations acknowledge at the same moment: one wins, the other is told who', async () => {
    const { desk, spo2, pass, alarmOf, trail } = await sampleDesk();
    await spo2(bed, 'true');
    await pass(5_000);
    const act: AlarmAct = { act: 'acknowledge', alarmId: alarmOf(bed)?.alarmId ?? '' };
    const results = await Promise.all([desk.act(nurse, act), desk.act(inCharge, act)]);
    expect(results[0]).toMatchObject({ outcome: 'done' });
    expect(results[1]).toMatchObject({
      outcome: 'refused',
      why: 'already-acknowledged',
      message: 'n1 has acknowledged it before you.',
    });
    expect(alarmOf(bed)?.acknowledged?.by).toBe('n1');
    expect(
      trail.lines.filter(({ action }) => action === 'acknowledge' || action === 'ack').map(({ outcome }) => outcome),
    ).toEqual(['success', 'refused']);
  });

  test('what a person wrote, and what was measured, is in the erasable payload only', async () => {
    const { desk, spo2, pass, alarmOf, trail } = await sampleDesk();
    await spo2(bed, 'true');
    await pass(5_000);
    await desk.act(nurse, { act: 'acknowledge', alarmId: alarmOf(bed)?.alarmId ?? '', reason: 'Mrs Canary is fine' });
    const open = JSON.stringify(trail.lines.map(({ payload: _payload, ...line }) => line));
    expect(open).not.toMatch(/Canary|84 %/);
    expect(JSON.stringify(trail.lines)).toContain('Canary');
  });
});

describe('when nothing can be written', () => {
  test.each([
    ['journal', 'fails'],
    ['journal', 'hangs'],
    ['trail', 'fails'],
    ['trail', 'hangs'],
  ] as const)('%s %s: alarms go out with one of their own, acts and configuration are refused', async (what, mood) => {
    const sample = await sampleDesk();
    const { desk, spo2, pass, alarmOf } = sample;
    await spo2(bed, 'true');
    sample[what].mood.disk = mood;
    await pass(5_000);
    expect(sample.told.filter(({ kind }) => kind === 'start').map(({ alarm }) => alarm?.condition)).toEqual([
      'spo2-very-low',
      'audit-failed',
    ]);
    const alarmId = alarmOf(bed)?.alarmId ?? '';
    expect(await desk.act(nurse, { act: 'acknowledge', alarmId })).toMatchObject({
      outcome: 'refused',
      why: 'record-failed',
    });
    expect(await desk.configure(inCharge, alarmConfigSchema.parse({}))).toMatchObject({ why: 'record-failed' });
    expect(alarmOf(bed)?.phase).toBe('on');
    expect(desk.view().unrecordedSinceMs).toBe(6_000);
  });

  test('an act that met the failure itself changes nothing, and the alarms of its batch go out', async () => {
    const { desk, spo2, pass, alarmOf, trail } = await sampleDesk();
    await spo2(bed, 'true');
    await pass(5_000);
    trail.mood.disk = 'fails';
    const act = desk.act(nurse, { act: 'acknowledge', alarmId: alarmOf(bed)?.alarmId ?? '' });
    desk.sense({ subject: 'bed/08', condition: 'no-pulse-or-apnoea', state: 'true', text: 'no pulse' });
    expect(await act).toMatchObject({ why: 'record-failed' });
    await desk.settled();
    expect(alarmOf(bed)?.phase).toBe('on');
    expect(alarmOf('bed/08')?.phase).toBe('on');
  });

  test('when the disk is back the gap is declared, late lines are written, and the journal leads to the state', async () => {
    const sample = await sampleDesk();
    const { desk, spo2, pass, alarmOf, trail, journal } = sample;
    await spo2(bed, 'true');
    trail.mood.disk = 'fails';
    await pass(5_000);
    await desk.act(nurse, { act: 'acknowledge', alarmId: alarmOf(bed)?.alarmId ?? '' });
    await spo2('bed/08', 'true', 'spo2-low');
    trail.mood.disk = 'works';
    await pass(1_000);
    expect(desk.view().unrecordedSinceMs).toBeDefined();
    await pass(4_000);
    expect(desk.view().unrecordedSinceMs).toBeUndefined();
    const types = trail.lines.map(({ type }) => type);
    expect(types).toContain('alarm.start');
    expect(trail.lines.find(({ type }) => type === 'audit.gap')).toMatchObject({
      links: { fromMs: '6000', toMs: '11000', dropped: '0' },
    });
    expect(
      trail.lines.filter(({ reason, outcome }) => reason === 'record-failed' && outcome === 'failure'),
    ).toHaveLength(1);
    expect(canonicalJson(journal.fold().state)).toBe(canonicalJson(desk.state()));
    expect(desk.view().alarms.map(({ condition }) => condition)).not.toContain('audit-failed');
    expect(await desk.act(nurse, { act: 'acknowledge', alarmId: alarmOf(bed)?.alarmId ?? '' })).toMatchObject({
      outcome: 'done',
    });
  });

  test('a listener that throws does not stop the alarms behind it', async () => {
    const { desk, spo2, pass, alarmOf } = await sampleDesk({
      publish: () => {
        throw new RangeError('station');
      },
    });
    await spo2(bed, 'true');
    await pass(5_000);
    expect(alarmOf(bed)?.phase).toBe('on');
    expect(desk.view().publishFaults).toBeGreaterThan(1);
  });
});

describe('a restart', () => {
  test('announces each live alarm once, meets the deadlines of the absence, and keeps what was acknowledged', async () => {
    const memory = memoryJournal();
    const first = await sampleDesk({ memory });
    first.desk.assign({ subject: 'ward', chain });
    await first.spo2(bed, 'true');
    await first.spo2('bed/08', 'true');
    await first.pass(5_000);
    await first.desk.act(nurse, { act: 'acknowledge', alarmId: first.alarmOf('bed/08')?.alarmId ?? '' });
    // 61 s after the alarm the nurse has not answered: the nurse in charge is asked, as if the gateway had never been away.
    const second = await sampleDesk({ memory, memoryTrail: first.trail, atMs: 6_000 + 61_000, boot: 'b2' });
    expect(second.told.map(({ kind, subject, atMs }) => `${kind} ${subject} ${atMs}`)).toEqual([
      `redirect ${bed} 66000`,
      `continue ${bed} 67000`,
      'continue bed/08 67000',
    ]);
    expect(second.alarmOf('bed/08')).toMatchObject({
      phase: 'acknowledged',
      acknowledged: { by: 'n1', expiresMs: 6_000 + 180_000 },
    });
    await second.pass(120_000);
    expect(second.kinds().slice(3)).toEqual(['continue', 'continue', 'unowned', 'start', 'reannounce']);
  });

  test('what was true is last known abnormal until it is seen again, and only that or a person ends it', async () => {
    const memory = memoryJournal();
    const first = await sampleDesk({ memory });
    await first.spo2(bed, 'true');
    await first.spo2('bed/08', 'true');
    first.trail.mood.disk = 'fails';
    await first.pass(5_000);
    await first.pass(1_000);
    expect(first.desk.view().alarms.map(({ condition }) => condition)).toContain('audit-failed');
    const second = await sampleDesk({ memory, atMs: 8_000 });
    expect(second.desk.view().alarms).toMatchObject([{ subject: bed, signalLost: true }, { signalLost: true }]);
    await second.spo2(bed, 'true');
    expect(second.alarmOf(bed)).toMatchObject({ phase: 'on', signalLost: false });
    const alarmId = second.alarmOf('bed/08')?.alarmId ?? '';
    expect(await second.desk.act(nurse, { act: 'reset', alarmId, reason: 'seen, well' })).toMatchObject({
      outcome: 'done',
    });
    expect(second.alarmOf('bed/08')).toBeUndefined();
  });

  test('writes to the trail what a crash may have kept from it, and no act twice into the state', async () => {
    const memory = memoryJournal();
    const trail = memoryTrail();
    const { desk, spo2, pass, alarmOf } = await sampleDesk({ memory, memoryTrail: trail });
    await spo2(bed, 'true');
    await pass(5_000);
    await pass(1_000);
    trail.mood.disk = 'hangs';
    // The act is in the journal when the process dies, not in the trail, and was not answered.
    void desk.act(nurse, { act: 'acknowledge', alarmId: alarmOf(bed)?.alarmId ?? '' });
    await Promise.resolve();
    await Promise.resolve();
    const cut = memoryJournal(
      memory.entries.slice(0, memory.entries.findIndex((e) => e.kind === 'input' && e.input.kind === 'act') + 1),
    );
    const later = memoryTrail();
    const second = await sampleDesk({ memory: cut, memoryTrail: later, atMs: 9_000 });
    expect(second.alarmOf(bed)?.phase).toBe('acknowledged');
    expect(later.lines.filter(({ type }) => type === 'alarm.ack')).toMatchObject([
      { actor: { id: 'n1' }, links: { late: 'restart' } },
    ]);
  });

  test('drops what was waiting for its delay when the gateway was away for long', async () => {
    const memory = memoryJournal();
    const first = await sampleDesk({ memory });
    await first.spo2(bed, 'true');
    const second = await sampleDesk({ memory, atMs: 600_000 });
    expect(second.told).toMatchObject([{ kind: 'transient', why: 'outage' }]);
  });
});

describe('rights', () => {
  const acts: Readonly<Record<AlarmAct['act'], (alarmId: string) => AlarmAct>> = {
    acknowledge: (alarmId) => ({ act: 'acknowledge', alarmId }),
    accept: (alarmId) => ({ act: 'accept', alarmId }),
    reject: (alarmId) => ({ act: 'reject', alarmId, reason: 'with another patient' }),
    escalate: (alarmId) => ({ act: 'escalate', alarmId, reason: 'needs a doctor' }),
    reset: (alarmId) => ({ act: 'reset', alarmId, reason: 'probe is off' }),
    'pause-audio': () => ({ act: 'pause-audio', subject: bed, seconds: 60 }),
    shelve: () => ({ act: 'shelve', subject: bed, why: 'procedure', minutes: 10, reason: 'dressing' }),
    unshelve: () => ({ act: 'unshelve', subject: bed }),
  };
  // The note's table, told again; the wall, technical staff, auditors and administrators may do nothing with alarms.
  const allowed = new Set(
    ['nurse', 'charge-nurse', 'physician'].flatMap((role) =>
      [
        'acknowledge',
        'accept',
        'reject',
        'escalate',
        'reset',
        'pause-audio',
        ...(role === 'nurse' ? [] : ['shelve', 'unshelve']),
      ].map((act) => `${role} ${act}`),
    ),
  );

  test('every cell of role and act: what is not allowed is refused and is a line of the trail', async () => {
    expect(Object.keys(acts).sort()).toEqual(alarmActSchema.options.map((option) => option.shape.act.value).sort());
    let cells = 0;
    for (const role of wardRoles)
      for (const [name, make] of Object.entries(acts)) {
        const { desk, spo2, pass, alarmOf, trail } = await sampleDesk();
        desk.assign({ subject: 'ward', chain: [{ id: 'x', role }, ...chain] });
        await spo2(bed, 'true');
        await pass(5_000);
        await spo2(bed, 'unknown');
        if (name === 'unshelve')
          await desk.act(inCharge, { act: 'shelve', subject: bed, why: 'procedure', minutes: 5, reason: 'x-ray' });
        const result = await desk.act({ id: 'x', role }, make(alarmOf(bed)?.alarmId ?? ''));
        const expected = allowed.has(`${role} ${name}`);
        expect({ role, name, done: result.outcome === 'done' }).toEqual({ role, name, done: expected });
        if (!expected)
          expect(trail.lines.at(-1)).toMatchObject({
            type: 'security.denied',
            actor: { id: 'x', role },
            outcome: 'refused',
            action: name,
          });
        cells += 1;
      }
    expect(cells).toBe(
      wardRoles.length * Object.keys(actRights.nurse.concat(actRights['charge-nurse'].slice(-2))).length,
    );
  });

  test('only the nurse in charge and physicians change delays, and old alarms replay by old rules', async () => {
    const memory = memoryJournal();
    const { desk, spo2, pass, kinds } = await sampleDesk({ memory });
    const config = alarmConfigSchema.parse({ conditions: { 'spo2-very-low': { delayMs: 20_000 } } });
    expect(await desk.configure(nurse, config)).toMatchObject({ why: 'not-permitted' });
    await spo2(bed, 'true');
    await pass(5_000);
    expect(await desk.configure(inCharge, config)).toMatchObject({ outcome: 'done' });
    await spo2('bed/08', 'true');
    await pass(19_999);
    expect(kinds().filter((kind) => kind === 'start')).toHaveLength(1);
    expect(canonicalJson(memory.fold().state)).toBe(canonicalJson(desk.state()));
  });

  test('an id of another ward, and what is no act at all, are refused and audited', async () => {
    const { desk, pass, trail } = await sampleDesk();
    expect(await desk.act(nurse, { act: 'acknowledge', alarmId: 'other-1' })).toMatchObject({ why: 'no-such-alarm' });
    expect(await desk.act(nurse, { act: 'pause-audio', subject: bed, seconds: 9_000 })).toMatchObject({
      why: 'malformed',
    });
    await pass(1);
    expect(trail.lines.slice(-2).map(({ outcome }) => outcome)).toEqual(['refused', 'refused']);
  });
});
