import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BenchUser,
  benchUsers,
  type GatewayBench,
  openGatewayBench,
  type Person,
} from './testing/gateway-bench.js';

let bench: GatewayBench;
const people = new Map<BenchUser, Person>();
beforeAll(async () => {
  bench = await openGatewayBench({ alarms: { conditions: { 'spo2-low': { delayMs: 0 } } } });
  for (const name of Object.keys(benchUsers) as BenchUser[]) people.set(name, await bench.signIn(name));
}, 60_000);
afterAll(() => bench.close(), 60_000);

const as = (name: BenchUser): Person => {
  const person = people.get(name);
  if (person === undefined) throw new Error(`${name} is not signed in`);
  return person;
};
const bedside = ['nurse', 'charge-nurse', 'physician'];
const inCharge = ['charge-nurse', 'physician'];
const all = ['nurse', 'charge-nurse', 'physician', 'technical', 'auditor', 'admin'];
const act = (body: Readonly<Record<string, unknown>>, roles: readonly string[]) =>
  ({
    name: String(body['act']),
    method: 'POST',
    path: '/api/alarms/act',
    body,
    roles,
    entry: String(body['act']),
  }) as const;
const route = (method: string, path: string, roles: readonly string[], body?: unknown) =>
  ({
    ...{ name: `${method} ${path}`, method, body, roles },
    path: path.replace(':bed', '02').replace(':seq', '1').replace(':id', 'none'),
    entry: `${method.toLowerCase()} ${path.split('?', 1)[0]}`,
  }) as const;
/** Who may do what, as the ward's rules say it, and not as the gateway's own table does. */
const actions = [
  act({ act: 'acknowledge', alarmId: 'x-1' }, bedside),
  act({ act: 'accept', alarmId: 'x-1' }, bedside),
  act({ act: 'reject', alarmId: 'x-1', reason: 'busy' }, bedside),
  act({ act: 'escalate', alarmId: 'x-1', reason: 'worse' }, bedside),
  act({ act: 'reset', alarmId: 'x-1' }, bedside),
  act({ act: 'pause-audio', subject: 'bed/02', seconds: 30 }, bedside),
  act({ act: 'shelve', subject: 'bed/02', why: 'procedure', minutes: 5, reason: 'x-ray' }, inCharge),
  act({ act: 'unshelve', subject: 'bed/02' }, inCharge),
  route('POST', '/api/beds/:bed/observations', bedside, { systolic: '120' }),
  route('POST', '/api/beds/:bed/association', bedside, { device: 'w-0002', reason: '' }),
  route('POST', '/api/beds/:bed/scale', ['physician'], { scale: 1, reason: 'as before' }),
  route('GET', '/api/beds/:bed/limits', bedside),
  route('POST', '/api/beds/:bed/limits', inCharge, { limits: { pulseHighPerMinute: 120 }, reason: 'closer' }),
  route('GET', '/api/beds/:bed/history', bedside),
  route('GET', '/api/beds/:bed/patient', bedside),
  route('POST', '/api/beds/:bed/patient', bedside, { name: 'Canary Two', ageYears: 50 }),
  route('DELETE', '/api/beds/:bed/patient', bedside),
  route('GET', '/api/alarms/history', bedside),
  route('GET', '/api/handover', bedside),
  route('GET', '/api/audit', ['auditor']),
  route('GET', '/api/audit/:seq/evidence', ['auditor']),
  route('POST', '/api/proposals/:id', inCharge, { confirm: true }),
  route('GET', '/api/break-glass', ['charge-nurse', 'auditor']),
  route('POST', '/api/break-glass/:id/review', ['charge-nurse', 'auditor'], { words: 'seen' }),
  route('DELETE', '/api/break-glass', all),
];

describe('who may do what', () => {
  it('denies every cell of role and action that is not granted, grants the others, and writes every denial', async () => {
    let [denied, granted] = [0, 0];
    const wrong: string[] = [];
    for (const action of actions) {
      for (const [name, role] of Object.entries(benchUsers)) {
        const { status } = await as(name as BenchUser).call(action.method, action.path, action.body);
        const isGranted = action.roles.includes(role);
        if (isGranted) granted += 1;
        else denied += 1;
        if (isGranted ? status === 401 || status === 403 : status !== 403)
          wrong.push(`${role} ${action.name} ${status}`);
      }
      // The wall display has no session; neither has who made one up.
      for (const cookie of ['', 'edge_ward=forged', `${as('n.adams').cookie}x`]) {
        const { status } = await bench.call(action.method, action.path, action.body, cookie);
        denied += 1;
        if (status !== 401) wrong.push(`nobody ${action.name} ${status}`);
      }
    }
    expect(wrong).toEqual([]);
    expect({ granted, denied }).toEqual({ granted: 82, denied: 168 });
    const entries = await bench.entries(as('a.evans'), 'security.denied refused');
    const missing = actions.flatMap((action) =>
      [...Object.entries(benchUsers), ['nobody', 'none'] as const]
        .filter(([, role]) => !action.roles.includes(role))
        .filter(([id]) => {
          // Nobody is stopped at the door, where the act is not read yet.
          const wanted = id === 'nobody' ? `post ${action.path}` : action.entry;
          const names = [action.entry, wanted];
          return !entries.some(
            ({ actor, object, action: did }) =>
              actor.id === id && (names.includes(object ?? '') || names.includes(did)),
          );
        })
        .map(([id]) => `${id} ${action.name}`),
    );
    expect(missing).toEqual([]);
  }, 60_000);

  it('knows no bed of another ward, and writes who asked for it', async () => {
    const nurse = as('n.adams');
    const asked = [
      await nurse.call('GET', '/api/beds/99/patient'),
      await nurse.call('GET', '/api/beds/01%2F..%2F..%2Faudit/patient'),
      await nurse.call('POST', '/api/beds/99/observations', { systolic: '90' }),
      await nurse.call('POST', '/api/alarms/act', { act: 'pause-audio', subject: 'bed/99', seconds: 30 }),
      await as('c.baker').call('POST', '/api/alarms/act', {
        ...{ act: 'shelve', subject: 'bed/99', why: 'off-ward', minutes: 60, reason: 'none' },
      }),
    ];
    expect(asked.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    const entries = await bench.entries(as('a.evans'), 'unknown-bed');
    expect(entries.map(({ actor, object }) => `${actor.id} ${object}`).sort()).toEqual([
      'c.baker post /api/alarms/act',
      'n.adams get /api/beds/:bed/patient',
      'n.adams post /api/alarms/act',
      'n.adams post /api/beds/:bed/observations',
    ]);
    expect((await as('a.evans').call('GET', '/api/audit/999999/evidence')).status).toBe(404);
  }, 30_000);

  it('takes an acknowledgement once; the same request again is refused and written', async () => {
    const one = await bench.wearable('w-0001');
    one.sample('spo2', 80);
    const alarm = await bench.alarm('spo2-low', 'bed/01');
    const ack = { act: 'acknowledge', alarmId: alarm?.alarmId };
    expect((await as('n.adams').call('POST', '/api/alarms/act', ack)).text).toBe('{"outcome":"done"}');
    for (const name of ['n.adams', 'n.brown'] as const)
      expect((await as(name).call('POST', '/api/alarms/act', ack)).text).toMatch(/"refused".*acknowledged/);
    const refused = await bench.entries(as('a.evans'), 'already-acknowledged');
    expect(refused.map(({ actor }) => actor.id).sort()).toEqual(['n.adams', 'n.brown']);
  }, 30_000);
});

describe('two people', () => {
  it('are needed for limits that let more pass and for a long silence; one of them twice is one', async () => {
    const [charge, physician] = [as('c.baker'), as('p.clark')];
    const wider = { limits: { saturationLowPercent: 86, saturationVeryLowPercent: 82 }, reason: 'COPD' };
    expect((await charge.call('POST', '/api/beds/01/limits', wider)).text).toMatch(/"pending".*second person/);
    const shelve = { act: 'shelve', subject: 'bed/01', why: 'off-ward', minutes: 60, reason: 'theatre' };
    expect((await charge.call('POST', '/api/alarms/act', shelve)).text).toMatch(/"pending"/);
    await expect.poll(async () => (await bench.view()).proposals?.length, { timeout: 10_000 }).toBe(2);
    const { proposals = [], beds } = await bench.view();
    expect(beds[0]).toMatchObject({ shelved: null });
    expect(beds[0]?.ownLimits).toBeUndefined();
    expect(proposals.map(({ text, by }) => `${by}: ${text}`)).toEqual([
      'c.baker: Limits: SpO2 below 86 %, SpO2 below 82 %',
      'c.baker: Silent for 60 minutes: off-ward',
    ]);
    for (const { id } of proposals) {
      const own = await charge.call('POST', `/api/proposals/${id}`, { confirm: true });
      expect(own.text).toMatch(/"refused".*another person/);
      expect((await physician.call('POST', `/api/proposals/${id}`, { confirm: true })).text).toBe('{"outcome":"done"}');
      expect((await physician.call('POST', `/api/proposals/${id}`, { confirm: true })).text).toMatch(/"refused"/);
    }
    await expect
      .poll(async () => (await bench.view()).beds[0]?.ownLimits)
      .toEqual(['SpO2 below 86 %', 'SpO2 below 82 %']);
    expect((await bench.view()).beds[0]?.shelved).toMatchObject({ by: 'c.baker', why: 'off-ward' });
    const closer = { limits: { saturationLowPercent: 90, saturationVeryLowPercent: 85 }, reason: 'over' };
    expect((await charge.call('POST', '/api/beds/01/limits', closer)).text).toBe('{"outcome":"done"}');
    const late = await charge.call('POST', '/api/beds/01/limits', wider);
    bench.pass(10 * 60_000);
    const { id } = JSON.parse(late.text) as { id: string };
    expect((await physician.call('POST', `/api/proposals/${id}`, { confirm: true })).text).toMatch(/any more/);
    const types = (await bench.entries(as('a.evans'), 'bed/01')).map(({ type, outcome }) => `${type} ${outcome}`);
    for (const type of ['twoperson.proposed', 'twoperson.confirmed', 'limits.change', 'alarm.shelve'])
      expect(types).toContain(`${type} success`);
    expect(types).toContain('twoperson.confirmed refused');
  }, 30_000);
});

describe('an emergency', () => {
  it('gives rights for fifteen minutes with a reason, marks every entry, and is reviewed by another person', async () => {
    const technical = as('t.davis');
    expect((await technical.call('GET', '/api/beds/01/patient')).status).toBe(403);
    expect((await technical.call('POST', '/api/break-glass', { reason: ' ' })).text).toMatch(/"refused".*reason/);
    expect((await technical.call('POST', '/api/break-glass', { reason: 'arrest, nobody else here' })).status).toBe(200);
    expect((await technical.call('GET', '/api/beds/01/patient')).text).toContain('Canary Person');
    await expect
      .poll(async () => (await bench.view()).breakGlass?.map(({ by }) => by), { timeout: 10_000 })
      .toEqual(['t.davis']);
    const session = JSON.parse((await technical.call('GET', '/api/session')).text) as { role: string };
    expect(session).toMatchObject({ name: 't.davis', role: 'physician', breakGlassUntilMs: expect.any(Number) });
    bench.pass(15 * 60_000);
    expect((await technical.call('GET', '/api/beds/01/patient')).status).toBe(403);
    await expect.poll(async () => (await bench.view()).breakGlass, { timeout: 10_000 }).toEqual([]);

    const auditor = as('a.evans');
    const [use] = JSON.parse((await auditor.call('GET', '/api/break-glass')).text) as { id: string; by: string }[];
    const entries = await bench.entries(auditor, `break-glass/${use?.id ?? ''}`);
    expect(entries.map(({ type, actor }) => `${type} ${actor.role}`).reverse()).toEqual([
      'breakglass.start technical',
      'patient.read physician',
      'breakglass.stop physician',
    ]);
    expect(entries.map(({ outcome }) => outcome).reverse()).toEqual(['success', 'success', 'success']);
    expect(JSON.stringify(entries)).not.toContain('nobody else');
    expect(use).toMatchObject({
      by: 't.davis',
      ownRole: 'technical',
      reason: 'arrest, nobody else here',
      reviewed: null,
    });
    const review = (who: Person) => who.call('POST', `/api/break-glass/${use?.id ?? ''}/review`, { words: 'right' });
    expect((await review(auditor)).text).toBe('{"outcome":"done"}');
    expect((await review(as('c.baker'))).text).toMatch(/a.evans reviewed it/);
  }, 30_000);
});

describe('sessions', () => {
  it('end with the user, follow the role of the file, and end after eight hours', async () => {
    const nurse = as('n.brown');
    expect((await nurse.call('GET', '/api/handover')).status).toBe(200);
    bench.putUsers({ ...benchUsers, 'n.brown': 'auditor' });
    await expect.poll(async () => (await nurse.call('GET', '/api/handover')).status, { timeout: 5_000 }).toBe(403);
    const { 'n.brown': _gone, ...rest } = benchUsers;
    bench.putUsers(rest);
    await expect.poll(async () => (await nurse.call('GET', '/api/handover')).status, { timeout: 5_000 }).toBe(401);
    const entries = await bench.entries(as('a.evans'), 'config.users');
    expect(entries).toHaveLength(2);
    bench.pass(8 * 3_600_000);
    expect((await as('n.adams').call('GET', '/api/handover')).status).toBe(401);
  }, 30_000);
});
