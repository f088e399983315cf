import { createMemoryOutbox } from '../outbox/memory-outbox.js';
import type { Outbox, OutboxInput } from '../outbox/outbox-port.js';
import { fleetTopic } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { createVirtualDevice, type VirtualDevice } from './testing/virtual-device.js';
import { createVirtualSite, type VirtualSite } from './testing/virtual-site.js';

const name = 'site-01.device-0001';
const hourMs = 3_600_000;

type Event = Pick<OutboxInput, 'type' | 'deliveryClass' | 'data'>;
const business = (n: number): Event => ({
  type: 'edge-blueprints.part-overruled.v1',
  deliveryClass: 'business',
  data: { resultId: `r${n}`, verdict: 'pass', reason: 'looked at it', by: 'a' },
});
const critical = (n: number): Event => ({
  type: 'edge-blueprints.audit.v1',
  deliveryClass: 'critical',
  data: { who: 'a', action: 'reset', target: `t${n}`, reason: '' },
});

function setUp(options: Partial<Parameters<typeof createVirtualSite>[0]> & { maxBytes?: number } = {}) {
  const site = createVirtualSite({ seed: 1, keepLog: true, ...options });
  const device = createVirtualDevice({
    name,
    seed: 2,
    time: site.time,
    broker: site.broker,
    ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
  });
  return { site, device };
}

/** Nothing lost in silence, nothing twice, nothing left. */
async function expectComplete(site: VirtualSite, device: VirtualDevice, delivered?: number): Promise<void> {
  const stream = site.ingest.stream(name, device.epoch);
  const outbox = await device.outbox.contiguity();
  expect(outbox).toMatchObject({ missing: 0, twice: 0, pending: 0 });
  expect(stream.missing).toBe(0);
  expect(stream.highest).toBe(outbox.highest);
  if (delivered !== undefined) expect(site.ingest.events()).toBe(delivered);
}

describe('an uplink', () => {
  it('announces itself, delivers, and deletes after the acknowledgement of the hub', async () => {
    const { site, device } = setUp();
    await device.append(business(1));
    await site.time.advance(1_000);
    expect(
      JSON.parse(site.broker.retained.get(fleetTopic({ site: 'site-01', device: 'device-0001' }, 'status')) ?? ''),
    ).toMatchObject({ online: true, time: '2026-01-01T00:00:00.080Z' });
    await expectComplete(site, device, 1);
    expect(device.uplink.stats()).toMatchObject({ state: 'current', eventsAcknowledged: 1, eventsResent: 0 });
  });

  it('says that it leaves in order', async () => {
    const { site, device } = setUp();
    await site.time.advance(1_000);
    const closing = device.uplink.close();
    await site.time.advance(1_000);
    await closing;
    expect([...site.broker.retained.values()].at(-1)).toContain('"online":false');
    expect(device.uplink.stats().state).toBe('closed');
    expect(site.time.timers()).toBe(0);
  });

  it('keeps what only the broker has acknowledged, and sends it again', async () => {
    const { site, device } = setUp();
    site.faults.up = false;
    await device.append(business(1));
    await site.time.advance(60_000);
    expect((await device.outbox.stats()).pending.business).toBe(1);
    expect(device.uplink.stats().ackTimeouts).toBeGreaterThan(1);
    site.faults.up = true;
    await site.time.advance(hourMs / 4);
    await expectComplete(site, device, 1);
    expect(device.uplink.stats().eventsResent).toBeGreaterThan(0);
  });

  it('waits longer from failure to failure, so that a hub that is away is not stormed', async () => {
    const { site, device } = setUp();
    site.faults.up = false;
    await device.append(business(1));
    await site.time.advance(24 * hourMs);
    expect(device.uplink.stats().batchesSent).toBeLessThan(760);
  });

  it('delivers once although acknowledgements get lost, come twice, late and out of order', async () => {
    const { site, device } = setUp();
    Object.assign(site.faults, { batchLost: 0.2, ackLost: 0.2, ackTwice: 0.3, ackLateMs: 15_000 });
    for (let i = 0; i < 300; i++) {
      await device.append(i % 10 === 0 ? critical(i) : business(i));
      await site.time.advance(1_000);
    }
    Object.assign(site.faults, { batchLost: 0, ackLost: 0, ackTwice: 0, ackLateMs: 0 });
    await site.time.advance(hourMs);
    await expectComplete(site, device, 300);
    expect(device.uplink.stats().unexpectedAcks).toBeGreaterThan(0);
    expect(site.ingest.duplicates()).toBeGreaterThan(0);
  });

  it('takes what the hub refuses out with a gap record', async () => {
    const { site, device } = setUp({ refuse: (_from, sequence) => (sequence === 3 ? 'hub.event-data' : undefined) });
    for (let i = 0; i < 5; i++) await device.append(business(i));
    await site.time.advance(60_000);
    await expectComplete(site, device, 5);
    expect(site.ingest.stream(name, device.epoch).declared).toEqual([[3, 3]]);
    expect(device.uplink.stats().eventsRefused).toBe(1);
  });

  it('finds the event that makes the hub drop a batch in silence, and gives only that one up', async () => {
    const { site, device } = setUp();
    for (let i = 1; i <= 40; i++) await device.append(i === 7 ? critical(i) : business(i));
    site.faults.poison = new Set([7]);
    for (let i = 0; i < 240; i++) {
      await device.append(business(100 + i));
      await site.time.advance(30_000);
    }
    await expectComplete(site, device);
    expect(site.ingest.stream(name, device.epoch).declared).toEqual([[7, 7]]);
    expect(device.uplink.stats().eventsRefused).toBe(1);
  });

  it('sends an alarm at once although earlier batches wait for a hub that was away', async () => {
    const { site, device } = setUp();
    site.faults.up = false;
    await device.append(business(1));
    await site.time.advance(hourMs);
    site.faults.up = true;
    await device.append(critical(2));
    await site.time.advance(1_000);
    // The answer to it brings the other one along.
    await expectComplete(site, device, 2);
  });

  it('gives nothing up while the hub answers nobody', async () => {
    const { site, device } = setUp();
    site.faults.up = false;
    for (let i = 0; i < 200; i++) {
      await device.append(business(i));
      await site.time.advance(60_000);
    }
    expect(device.uplink.stats().eventsRefused).toBe(0);
    site.faults.up = true;
    await site.time.advance(hourMs);
    await expectComplete(site, device, 200);
  });
});

describe('an uplink on a bad network', () => {
  it('drains a day without a broker: nothing lost, alarms and the newest first, at its pace', async () => {
    const { site, device } = setUp({ check: false });
    await site.time.advance(1_000);
    site.broker.setUp(false);
    for (let second = 0; second < 24 * 3_600; second += 2) {
      await device.append(business(second));
      if (second % 3_600 === 0) await device.append(critical(second));
      await site.time.advance(2_000);
    }
    const { highest } = await device.outbox.stats();
    expect(highest).toBe(43_200 + 24);
    expect(site.broker.connects()).toBe(1);
    site.broker.setUp(true);
    const backMs = site.time.clock.monotonicMs();
    await site.time.advance(300_000);
    await expectComplete(site, device, highest);
    const [first] = site.log.filter(({ atMs }) => atMs > backMs);
    const early = first?.numbers ?? [];
    expect(early.length).toBeLessThanOrEqual(50);
    // All 24 alarms, and something of the newest, before the oldest of the backlog.
    expect(early.filter((n) => n > highest - 10).length).toBeGreaterThan(0);
    const alarms = site.log.flatMap(({ atMs, numbers }) => (atMs > backMs ? numbers : [])).slice(0, 24);
    expect(alarms.every((n) => (n - 2) % 1_801 === 0)).toBe(true);
    const drained = site.log.filter(({ numbers }) => numbers.length > 0).at(-1)?.atMs ?? 0;
    const pace = highest / ((drained - backMs) / 1_000);
    expect(pace).toBeLessThanOrEqual(1_050);
    expect(pace).toBeGreaterThan(200);
  });

  it('stays within its bytes while the broker is away, and declares what it dropped', async () => {
    const { site, device } = setUp({ maxBytes: 1_000_000, check: false });
    await site.time.advance(1_000);
    site.broker.setUp(false);
    for (let i = 0; i < 4_000; i++) await device.append(business(i));
    const stats = await device.outbox.stats();
    expect(stats.bytes).toBeLessThanOrEqual(1_000_000);
    site.broker.setUp(true);
    await site.time.advance(300_000);
    await expectComplete(site, device);
    const { declared, delivered } = site.ingest.stream(name, device.epoch);
    expect(declared.length).toBeGreaterThan(0);
    expect(delivered.length).toBeGreaterThan(0);
  });

  it('makes progress on a link that is up one second and down one', async () => {
    const { site, device } = setUp();
    for (let i = 0; i < 300; i++) await device.append(business(i));
    for (let i = 0; i < 600; i++) {
      site.broker.setWay(name, i % 2 === 0 ? 'up' : 'cut');
      await site.time.advance(1_000);
    }
    site.broker.setWay(name, 'up');
    // Ten minutes of that sufficed.
    const { pending } = await device.outbox.stats();
    expect(pending.business).toBe(0);
    expect(site.broker.connects()).toBeLessThan(300);
    await expectComplete(site, device, 300);
  });

  it('gives back what went into a dead connection', async () => {
    const { site, device } = setUp();
    await site.time.advance(1_000);
    site.broker.setWay(name, 'blackhole');
    for (let i = 0; i < 100; i++) await device.append(business(i));
    await site.time.advance(120_000);
    expect((await device.outbox.stats()).pending.business).toBe(100);
    site.broker.setWay(name, 'up');
    await site.time.advance(120_000);
    await expectComplete(site, device, 100);
  });

  it.each([-10 * 365 * 24 * hourMs, 365 * 24 * hourMs, 9_000 * 365 * 24 * hourMs])(
    'delivers through a step of the wall clock by %d ms, with both clocks of the send',
    async (stepMs) => {
      const { site, device } = setUp();
      await site.time.advance(1_000);
      for (let i = 0; i < 10; i++) {
        if (i === 5) site.time.stepWallClock(stepMs);
        await device.append(business(i));
        await site.time.advance(500);
      }
      await expectComplete(site, device, 10);
      expect(site.ingest.malformed()).toBe(0);
    },
  );

  it('ignores acknowledgements that are malformed, of another file, or of numbers that it never sent', async () => {
    const { site, device } = setUp();
    site.faults.up = false;
    await device.append(business(1));
    await site.time.advance(1_000);
    site.broker.setWay(name, 'cut');
    await device.append(business(2));
    const topic = fleetTopic({ site: 'site-01', device: 'device-0001' }, 'ack');
    const send = (body: unknown): void =>
      site.broker.send(name, topic, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
    site.broker.setWay(name, 'up');
    await site.time.advance(200);
    let sent = false;
    for (let i = 0; i < 200 && !sent; i++) {
      await site.time.advance(100);
      if (site.broker.connected() === 0) continue;
      sent = true;
      send('nonsense');
      send({ epoch: device.epoch, accepted: [[5, 2]], refused: [] });
      send({ epoch: '00000000000000ff', accepted: [[1, 1_000]], refused: [] });
      send({ epoch: device.epoch, accepted: [[100, Number.MAX_SAFE_INTEGER]], refused: [{ sequence: 77, code: 'x' }] });
    }
    await site.time.advance(100);
    expect(device.uplink.stats()).toMatchObject({ malformedAcks: 2, foreignAcks: 1, unexpectedAcks: 1 });
    expect((await device.outbox.stats()).pending.business).toBe(2);
    expect((await device.outbox.contiguity()).declared).toBe(0);
  });

  it('keeps what it has not sent yet, even when the hub acknowledges everything', async () => {
    const { site, device } = setUp();
    site.faults.up = false;
    for (let i = 0; i < 200; i++) await device.append(business(i));
    await site.time.advance(120);
    expect(device.uplink.stats().eventsSent).toBe(50);
    const all = { epoch: device.epoch, accepted: [[1, 1_000]], refused: [] };
    site.broker.send(
      name,
      fleetTopic({ site: 'site-01', device: 'device-0001' }, 'ack'),
      Buffer.from(JSON.stringify(all)),
    );
    await site.time.advance(25);
    expect((await device.outbox.stats()).pending.business).toBe(150);
  });

  it.each(['before', 'after'])(
    'never sends a number under the name of another file, replaced %s a read',
    async (when) => {
      const { site, device: first } = setUp();
      await first.uplink.close();
      const make = (newEpoch: string): Outbox =>
        createMemoryOutbox({
          clock: site.time.clock,
          boot: '00000000000000b1',
          newEpoch,
          maxBytes: 5_000_000,
          criticalBytes: 1_000_000,
          maxAgeMs: 1e10,
        });
      const [damaged, fresh] = [make('aaaaaaaaaaaaaaaa'), make('bbbbbbbbbbbbbbbb')];
      let current = damaged;
      let replaceNow = false;
      const replace = (moment: string): void => {
        if (replaceNow && moment === when) current = fresh;
      };
      const outbox: Outbox = {
        append: (event) => current.append(event),
        async next(limit) {
          replace('before');
          const entries = await current.next(limit);
          replace('after');
          return entries;
        },
        acknowledge: (of, accepted) => current.acknowledge(of, accepted),
        refuse: (of, refused) => current.refuse(of, refused),
        stats: () => current.stats(),
        contiguity: () => current.contiguity(),
        close: () => current.close(),
      };
      const device = createVirtualDevice({ name, seed: 3, time: site.time, broker: site.broker, outbox });
      await device.append(business(1));
      await site.time.advance(2_000);
      const store = { simulated: true, epochMs: 0, uptimeMs: 0 };
      for (let i = 0; i < 10; i++) await damaged.append({ ...business(i), ...store });
      for (let i = 0; i < 3; i++) await fresh.append({ ...business(i), ...store });
      replaceNow = true;
      device.uplink.nudge('business');
      await site.time.advance(60_000);
      expect(site.ingest.stream(name, 'bbbbbbbbbbbbbbbb')).toMatchObject({ highest: 3, missing: 0 });
      expect(site.ingest.stream(name, 'aaaaaaaaaaaaaaaa').delivered).toEqual([[1, 1]]);
      expect(await fresh.contiguity()).toMatchObject({ pending: 0, delivered: 3 });
    },
  );
});
