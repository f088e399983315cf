import { DeviceError, silentLogger } from '@edge-blueprints/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAuditLog } from '../audit/audit-log.js';
import { addFleetChanges } from '../store/fleet-change.js';
import type { FleetChangeBody } from '../store/fleet-change.js';
import { migrate } from '../store/migrate.js';
import type { SqlStore } from '../store/sql-store.js';
import { testStores } from '../store/testing/stores.js';
import { createAlertBook } from './alert-book.js';
import { createAlertDispatch } from './alert-dispatch.js';
import { createAlertEngine } from './alert-engine.js';
import type { AlertMessage, AlertOutput } from './alert-message.js';

const config = { groupFrom: 5, settleMs: 2_000, clearAfterMs: 30_000 };
const started = Date.parse('2026-05-01T08:00:00.000Z');
const offline: FleetChangeBody = { kind: 'presence', state: 'offline', detail: 'No word for 60 s' };
const back: FleetChangeBody = { kind: 'presence', state: 'ok', detail: '' };
const gap = (critical: number): FleetChangeBody => ({
  kind: 'gap',
  gap: { epoch: '0'.repeat(16), ranges: [[1, 9]], cause: 'evicted-age', lost: { critical, business: 4, metric: 0 } },
});

describe.each(testStores)('alerts on $name', ({ skip, open }) => {
  let store: SqlStore;
  let close: () => Promise<void> = () => Promise.resolve();
  let nowMs: number;
  let sent: AlertMessage[];
  let failures: DeviceError[];
  const devices = new Map<string, number>();
  const output: AlertOutput = {
    name: 'pager',
    minSeverity: 'warning',
    send: (message) => {
      const failure = failures.shift();
      if (failure !== undefined) return Promise.reject(failure);
      sent.push(message);
      return Promise.resolve();
    },
  };
  const alarmsOnly: AlertOutput = {
    name: 'siren',
    minSeverity: 'alarm',
    send: (message) => (sent.push(message), Promise.resolve()),
  };

  beforeAll(async () => {
    if (skip !== undefined) return;
    ({ store, close } = await open());
    await migrate(store);
    const names = ['north', 'south'].flatMap((site) =>
      Array.from({ length: 40 }, (_, i) => ({ site, device: `d${i}` })),
    );
    const { rows } = await store.query(
      `INSERT INTO device (site, device, first_seen_at) SELECT site, device, now()
       FROM jsonb_to_recordset($1::jsonb) AS i(site text, device text) RETURNING id, site, device`,
      [JSON.stringify(names)],
    );
    for (const row of rows) devices.set(`${row['site']}/${row['device']}`, Number(row['id']));
  }, 60_000);
  afterAll(() => close());
  beforeEach(async () => {
    nowMs = started;
    sent = [];
    failures = [];
    if (skip === undefined)
      await store.script(
        'DELETE FROM alert; DELETE FROM alert_condition; DELETE FROM fleet_change; DELETE FROM drift_alarm',
      );
  });

  const make = (outputs: readonly AlertOutput[] = [output, alarmsOnly]) => ({
    engine: createAlertEngine(store, config, outputs, { epochMs: () => nowMs }),
    book: createAlertBook(store, { nowIso: () => new Date(nowMs).toISOString() }),
    dispatch: createAlertDispatch(store, outputs, { epochMs: () => nowMs, random: () => 0.5, logger: silentLogger }),
  });
  const happen = (body: FleetChangeBody, ...names: readonly string[]) =>
    addFleetChanges(
      store,
      names.map((name) => ({ atMs: nowMs, deviceId: devices.get(name) ?? -1, body })),
    );
  const stop = new AbortController().signal;

  it.skipIf(skip)('raise once for trouble that stands, and clear once it has been over for long enough', async () => {
    const { engine, book } = make();
    await happen(offline, 'north/d1');
    expect(await engine.step()).toEqual({ changed: [], more: false });
    nowMs += 2_000;
    expect((await engine.step()).changed).toHaveLength(1);
    await happen(offline, 'north/d1');
    nowMs += 2_000;
    expect((await engine.step()).changed).toEqual([]);
    expect(await book.list({ state: 'open', limit: 10 })).toMatchObject([
      { site: 'north', device: 'd1', kind: 'offline', severity: 'alarm', text: 'No word for 60 s', clearedAt: null },
    ]);
    await happen(back, 'north/d1');
    await engine.step();
    nowMs += 29_000;
    await engine.step();
    expect(await book.list({ state: 'open', limit: 10 })).toHaveLength(1);
    nowMs += 1_000;
    await engine.step();
    expect(await book.list({ state: 'open', limit: 10 })).toEqual([]);
    expect(await book.list({ state: 'all', limit: 10 })).toMatchObject([{ clearedAt: new Date(nowMs).toISOString() }]);
  });

  it.skipIf(skip)('of a flapping device are one alert, which counts', async () => {
    const { engine, book } = make();
    for (let i = 0; i < 5; i += 1) {
      await happen(offline, 'north/d1');
      nowMs += 3_000;
      await engine.step();
      await happen(back, 'north/d1');
      nowMs += 3_000;
      await engine.step();
    }
    expect(await book.list({ state: 'all', limit: 10 })).toMatchObject([{ text: 'No word for 60 s (5 times)' }]);
  });

  it.skipIf(skip)('that never stood are never told', async () => {
    const { engine, book } = make();
    await happen(offline, 'north/d1');
    await happen(back, 'north/d1');
    await engine.step();
    nowMs += 40_000;
    await engine.step();
    expect(await book.list({ state: 'all', limit: 10 })).toEqual([]);
  });

  it.skipIf(skip)('of a whole site are one, with one message, and other sites are not in it', async () => {
    const { engine, book, dispatch } = make();
    await happen(offline, ...Array.from({ length: 40 }, (_, i) => `north/d${i}`), 'south/d3');
    nowMs += 2_000;
    await engine.step();
    await engine.step();
    const open_ = await book.list({ state: 'open', limit: 100 });
    expect(open_.map(({ site, device }) => `${site}/${device}`).sort()).toEqual(['north/*', 'south/d3']);
    await dispatch.step(stop);
    expect(sent.filter(({ site }) => site === 'north')).toHaveLength(2);
    await happen(back, ...Array.from({ length: 38 }, (_, i) => `north/d${i}`));
    await engine.step();
    nowMs += 30_000;
    await engine.step();
    const left = await book.list({ state: 'open', limit: 100 });
    expect(left.map(({ site, device }) => `${site}/${device}`).sort()).toEqual(['north/d38', 'north/d39', 'south/d3']);
  });

  it.skipIf(skip)(
    'about lost events are over when somebody has seen them; about a device that is gone they are not',
    async () => {
      const { engine, book } = make();
      await happen(gap(0), 'north/d1');
      await happen(gap(2), 'north/d1');
      await happen(offline, 'north/d2');
      nowMs += 2_000;
      await engine.step();
      const alerts = await book.list({ state: 'open', limit: 10 });
      const lost = alerts.find(({ kind }) => kind === 'gap');
      const gone = alerts.find(({ kind }) => kind === 'offline');
      expect(lost).toMatchObject({
        severity: 'alarm',
        text: expect.stringMatching(/2 critical, 4 business.*\(2 times\)/),
      });
      const first = await book.acknowledge(lost?.id ?? 0, 'ann', 'known');
      expect(first).toMatchObject({ ok: true, value: { acknowledgedBy: 'ann', note: 'known' } });
      expect(first.ok && first.value.clearedAt).not.toBeNull();
      expect(await book.acknowledge(gone?.id ?? 0, 'ann', 'on it')).toMatchObject({
        ok: true,
        value: { clearedAt: null },
      });
      expect(await book.acknowledge(gone?.id ?? 0, 'bob', 'me too')).toMatchObject({
        value: { acknowledgedBy: 'ann' },
      });
      expect(await book.acknowledge(999_999, 'ann', 'x')).toMatchObject({ ok: false, code: 'alerts.unknown' });
      const audit = await createAuditLog(store).search({
        search: 'alert.acknowledge north/d2',
        before: undefined,
        limit: 9,
      });
      expect(audit).toMatchObject([{ who: 'ann', detail: 'No word for 60 s | on it' }]);
      await happen(gap(0), 'north/d1');
      nowMs += 2_000;
      await engine.step();
      expect(await book.counts()).toEqual({ warning: 1, alarm: 1 });
    },
  );

  it.skipIf(skip)('about drift stand until the last feature is back', async () => {
    const { engine, book } = make();
    const drift = (state: 'raised' | 'cleared', alarm: string): FleetChangeBody => ({
      kind: 'drift',
      alarm: {
        ...{ alarm, state, feature: alarm, explanation: `${alarm} is off`, since: '2026-05-01T07:00:00Z' },
        ...{ sinceResultId: null, pValue: 0.001, effectName: 'PSI', effect: 0.4, examples: [] },
      },
    });
    const note = (alarm: string, state: string) =>
      store.query(
        `INSERT INTO drift_alarm (device_id, alarm, state, event_at, body) VALUES ($1, $2, $3, now(), '{}')
         ON CONFLICT (device_id, alarm) DO UPDATE SET state = excluded.state`,
        [devices.get('north/d1') ?? 0, alarm, state],
      );
    for (const alarm of ['brightness', 'contrast']) {
      await note(alarm, 'raised');
      await happen(drift('raised', alarm), 'north/d1');
    }
    nowMs += 2_000;
    await engine.step();
    await note('brightness', 'cleared');
    await happen(drift('cleared', 'brightness'), 'north/d1');
    await engine.step();
    nowMs += 60_000;
    await engine.step();
    expect(await book.list({ state: 'open', limit: 9 })).toMatchObject([{ kind: 'drift' }]);
    await note('contrast', 'cleared');
    await happen(drift('cleared', 'contrast'), 'north/d1');
    await engine.step();
    nowMs += 60_000;
    await engine.step();
    expect(await book.list({ state: 'open', limit: 9 })).toEqual([]);
  });

  it.skipIf(skip)('of a revoked device are cleared', async () => {
    const { engine, book } = make();
    await happen(offline, 'north/d1');
    nowMs += 2_000;
    await engine.step();
    await engine.forget({ site: 'north', device: 'd1' });
    await engine.step();
    expect(await book.list({ state: 'open', limit: 9 })).toEqual([]);
  });

  it.skipIf(skip)(
    'go to each output that wants them, again while that may help, and what became of it is kept',
    async () => {
      const { engine, book, dispatch } = make();
      const busy = new DeviceError('alerts.output-refused', 'HTTP 503', { retry: 'safe' });
      await happen({ kind: 'quarantine', code: 'event.unknown', events: 3 }, 'north/d1');
      nowMs += 2_000;
      await engine.step();
      failures = [busy, busy];
      await dispatch.step(stop);
      const outputs = async () => (await book.list({ state: 'all', limit: 9 }))[0]?.outputs;
      expect(await outputs()).toEqual([{ output: 'pager', state: 'waiting', detail: 'raised: try 1 of 6: HTTP 503' }]);
      await dispatch.step(stop);
      expect(failures).toHaveLength(1);
      nowMs += 1_000;
      await dispatch.step(stop);
      nowMs += 1_999;
      await dispatch.step(stop);
      expect(sent).toEqual([]);
      nowMs += 1;
      await dispatch.step(stop);
      expect(sent).toMatchObject([{ phase: 'raised', kind: 'quarantine', device: 'd1' }]);
      expect(await outputs()).toEqual([{ output: 'pager', state: 'sent', detail: 'raised' }]);

      await happen(offline, 'north/d2');
      nowMs += 2_000;
      await engine.step();
      failures = [new DeviceError('alerts.output-refused', 'HTTP 400')];
      await dispatch.step(stop);
      const [alarm] = await book.list({ state: 'open', limit: 9 });
      expect(alarm?.outputs).toEqual([
        { output: 'pager', state: 'failed', detail: 'raised: try 1 of 6: HTTP 400' },
        { output: 'siren', state: 'sent', detail: 'raised' },
      ]);
      await happen(back, 'north/d2');
      await engine.step();
      nowMs += 30_000;
      await engine.step();
      await dispatch.step(stop);
      expect(sent.at(-1)).toMatchObject({ phase: 'cleared', clearedAt: new Date(nowMs).toISOString() });
      failures = [busy];
      expect(await dispatch.test(stop)).toEqual([
        { output: 'pager', state: 'failed', detail: 'HTTP 503' },
        { output: 'siren', state: 'sent', detail: '' },
      ]);
    },
  );

  it.skipIf(skip)('take 2,500 changes in over two steps', async () => {
    const { engine, book } = make([]);
    const names = Array.from({ length: 2_500 }, (_, i) => `${i % 2 === 0 ? 'north' : 'south'}/d${i % 40}`);
    await happen(gap(0), ...names);
    nowMs += 2_000;
    expect(await engine.step()).toMatchObject({ more: true });
    expect(await engine.step()).toMatchObject({ more: false });
    const { rows } = await store.query('SELECT sum(count)::int8 AS gaps FROM alert_condition');
    expect(rows).toEqual([{ gaps: 2_500 }]);
    expect((await book.list({ state: 'open', limit: 99 })).map(({ device }) => device)).toEqual(['*', '*']);
  });

  it.skipIf(skip)('of 10,000 devices lost behind one broker are one a site, and clear as one', async () => {
    const { engine, book, dispatch } = make();
    await store.script(
      `INSERT INTO device (site, device, first_seen_at)
       SELECT 'plant-' || s, 'x' || d, now() FROM generate_series(1, 20) s, generate_series(1, 500) d ON CONFLICT DO NOTHING`,
    );
    const all = (body: FleetChangeBody) =>
      store.query(
        `INSERT INTO fleet_change (at, device_id, body)
         SELECT to_timestamp($1 / 1000.0), id, $2::jsonb FROM device WHERE site LIKE 'plant-%'`,
        [nowMs, JSON.stringify(body)],
      );
    const settle = async () => {
      for (let more = true; more;) ({ more } = await engine.step());
    };
    await all(offline);
    nowMs += 2_000;
    await settle();
    const open_ = await book.list({ state: 'open', limit: 1_000 });
    expect([open_.length, new Set(open_.map(({ device }) => device))]).toEqual([20, new Set(['*'])]);
    expect(open_[0]?.text).toMatch(/^500 devices of plant-/);
    await dispatch.step(stop);
    expect(sent.filter(({ phase }) => phase === 'raised')).toHaveLength(40);
    await all(back);
    await settle();
    nowMs += 30_000;
    await settle();
    expect(await book.list({ state: 'open', limit: 1_000 })).toEqual([]);
    expect(await book.list({ state: 'all', limit: 1_000 })).toHaveLength(20);
  });
});
