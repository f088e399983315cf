import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditLog } from '../audit/audit-log.js';
import { readHubDrift } from '../drift/hub-drift.js';
import { migrate } from '../store/migrate.js';
import type { SqlStore } from '../store/sql-store.js';
import { testStores } from '../store/testing/stores.js';
import { readLabelAccuracy } from './label-accuracy.js';
import { createLabelQueue } from './label-queue.js';

const nowIso = () => '2026-05-01T08:00:00.000Z';

/** Parts of version 3: verdict, and how probable it was that the part was drawn. */
const parts = [
  ['pass', 0.1],
  ['pass', 0.1],
  ['reject', 0.5],
  ['reject', 0.5],
  ['reject', 0.5],
] as const;

describe.each(testStores)('labels on $name', ({ skip, open }) => {
  let store: SqlStore;
  let close: () => Promise<void> = () => Promise.resolve();
  let ids: number[];
  beforeAll(async () => {
    if (skip !== undefined) return;
    ({ store, close } = await open());
    await migrate(store);
    await store.query(
      "INSERT INTO device (site, device, first_seen_at) VALUES ('hall', 'd1', $1), ('hall', 'd2', $1), ('yard', 'd1', $1)",
      [nowIso()],
    );
    const tasks = parts.map(([verdict, inclusionProbability], i) => ({
      result_id: `r${i}`,
      candidate: {
        ...{ resultId: `r${i}`, partId: `p${i}`, verdict, score: null, stratum: verdict, inclusionProbability },
        ...{ bundleVersion: '3', detections: [] },
      },
    }));
    const { rows } = await store.query(
      `INSERT INTO label_task (device_id, result_id, event_at, bundle_version, candidate)
       SELECT d.id, result_id, $1::timestamptz, '3', candidate FROM jsonb_to_recordset($2::jsonb) AS i(result_id text, candidate jsonb),
         device d WHERE d.site = 'hall' AND d.device = 'd1' ORDER BY result_id RETURNING id`,
      [nowIso(), JSON.stringify(tasks)],
    );
    ids = rows.map(({ id }) => Number(id));
    await store.query(
      "INSERT INTO label_picture (task_id, role, mime, width, height, bytes) VALUES ($1, 'template', 'image/webp', 4, 3, $2)",
      [ids[0] ?? 0, new Uint8Array([1, 2, 3])],
    );
  }, 60_000);
  afterAll(() => close());

  it.skipIf(skip)('are asked for oldest first, with their pictures beside', async () => {
    const queue = createLabelQueue(store, { nowIso });
    const { open: waiting, done, tasks } = await queue.list('open', 2);
    expect([waiting, done, tasks.map(({ id }) => id)]).toEqual([5, 0, ids.slice(0, 2)]);
    expect(tasks[0]).toMatchObject({
      ...{ site: 'hall', device: 'd1', at: nowIso(), label: null },
      pictures: [{ role: 'template', width: 4, height: 3 }],
    });
    expect(await queue.picture(ids[0] ?? 0, 'template')).toEqual({ mime: 'image/webp', bytes: expect.anything() });
    expect(await queue.picture(ids[0] ?? 0, 'test')).toBeUndefined();
  });

  it.skipIf(skip)('count once, can be corrected and taken back, and the audit keeps each step', async () => {
    const queue = createLabelQueue(store, { nowIso });
    const id = ids[0] ?? 0;
    const twice = await Promise.all([
      queue.label(id, 'bad', 'scratch', 'ann'),
      queue.label(id, 'bad', 'scratch', 'bob'),
    ]);
    expect(twice.every(({ ok }) => ok)).toBe(true);
    expect(await queue.label(id, 'good', '', 'bob')).toMatchObject({
      ok: true,
      value: { label: { truth: 'good', by: 'bob' } },
    });
    expect(await queue.undo(id, 'ann')).toMatchObject({ ok: true, value: { label: null } });
    expect(await queue.undo(id, 'ann')).toMatchObject({ ok: true });
    expect(await queue.label(999, 'good', '', 'ann')).toMatchObject({ ok: false, code: 'labels.unknown' });
    const audit = await createAuditLog(store).search({ search: 'label.', before: undefined, limit: 9 });
    expect(audit.map(({ action, detail }) => `${action} ${detail}`)).toEqual([
      'label.undo good -> open (verdict pass)',
      'label.set bad -> good (verdict pass)',
      'label.set open -> bad (verdict pass) scratch',
    ]);
  });

  it.skipIf(skip)('give the accuracy weighted by the chance of the draw, not the flat share', async () => {
    const queue = createLabelQueue(store, { nowIso });
    expect(await readLabelAccuracy(store, undefined)).toMatchObject({ bundleVersion: '', labelled: 0, accuracy: null });
    const truths = ['good', 'bad', 'bad', 'bad', 'good'] as const;
    for (const [i, truth] of truths.entries()) await queue.label(ids[i] ?? 0, truth, '', 'ann');
    const view = await readLabelAccuracy(store, undefined);
    // Weights 10, 10, 2, 2, 2; right are one pass (10) and two rejects (4) of 26. Flat it would be 3 of 5.
    expect(view).toMatchObject({ bundleVersion: '3', labelled: 5, estimated: null });
    expect(view.accuracy?.value).toBeCloseTo(14 / 26, 12);
    // Bad parts weigh 10 + 2 + 2, of which the passed one 10; good ones 10 + 2, of which the rejected one 2.
    expect(view.escapeShare?.value).toBeCloseTo(10 / 14, 12);
    expect(view.falseRejectShare?.value).toBeCloseTo(2 / 12, 12);
    expect(view.accuracy?.low).toBeLessThan(14 / 26);
    expect(await readLabelAccuracy(store, '9')).toMatchObject({ bundleVersion: '9', labelled: 0, accuracy: null });
    const { rows } = await store.query('SELECT count(*)::int8 AS n FROM label_task WHERE truth IS NOT NULL');
    expect([(await queue.counts()).done, rows[0]?.['n']]).toEqual([5, 5]);
  });

  it.skipIf(skip)('stand beside the estimate without labels, weighted by parts; drift shows alarms first', async () => {
    const report = (samples: number | null, value: number) => ({
      ...{ bundle: 'pcb', bundleVersion: '3', windowFrom: nowIso(), windowTo: nowIso(), parts: 100 },
      ...{ falseAlarmsPerMonth: 1, features: [] },
      estimatedAccuracy: samples === null ? null : { value, low: value - 0.1, high: value + 0.1, samples },
    });
    const put = (site: string, device: string, at: string, body: object) =>
      store.query(
        `INSERT INTO drift_report (device_id, event_at, report)
         SELECT id, $3::timestamptz, $4::jsonb FROM device WHERE site = $1 AND device = $2`,
        [site, device, at, JSON.stringify(body)],
      );
    await put('hall', 'd1', '2026-05-01T07:00:00Z', report(100, 0.8));
    await put('hall', 'd2', '2026-05-01T07:30:00Z', report(300, 0.6));
    await put('yard', 'd1', '2026-05-01T07:45:00Z', report(null, 0));
    const { estimated } = await readLabelAccuracy(store, '3');
    expect(estimated?.value).toBeCloseTo(0.65, 12);
    expect(estimated?.high).toBeCloseTo(0.75, 12);
    const alarm = {
      ...{ alarm: 'brightness', state: 'raised', feature: 'brightness', explanation: 'darker', since: nowIso() },
      ...{ sinceResultId: null, pValue: 0.001, effectName: 'PSI', effect: 0.4, examples: [] },
    };
    await store.query(
      `INSERT INTO drift_alarm (device_id, alarm, state, event_at, body)
       SELECT id, 'brightness', 'raised', $1::timestamptz, $2::jsonb FROM device WHERE site = 'hall' AND device = 'd1'`,
      [nowIso(), JSON.stringify(alarm)],
    );
    await store.query("UPDATE device SET drift_alarms = 1 WHERE site = 'hall' AND device = 'd1'");
    const order = (await readHubDrift(store, { limit: 9 })).devices.map(({ site, device, alarms }) => [
      `${site}/${device}`,
      alarms.length,
    ]);
    expect(order).toEqual([
      ['hall/d1', 1],
      ['yard/d1', 0],
      ['hall/d2', 0],
    ]);
    expect((await readHubDrift(store, { site: 'yard', limit: 9 })).devices).toHaveLength(1);
  });
});
