import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maySubscribe, publishProblem, roleOfName } from './topic-rules.js';

const tell = (name: string, topic: string, more: { qos?: number; retain?: boolean; bytes?: number } = {}) =>
  publishProblem(
    name,
    roleOfName(name) ?? 'device',
    { topic, qos: more.qos ?? 1, retain: more.retain ?? false, bytes: more.bytes ?? 10 },
    4_096,
  );

describe('topic rules', () => {
  it('let a device speak on its own two topics', () => {
    expect(tell('north.line-1', 'edge/v1/north/line-1/tlm')).toBeNull();
    expect(tell('north.line-1', 'edge/v1/north/line-1/status', { retain: true })).toBeNull();
  });

  it('refuse everything that looks like them', () => {
    for (const topic of [
      'edge/v1/north/line-2/tlm',
      'edge/v1/north/line-1/ack',
      'edge/v1/north/line-1/tlm/',
      '/edge/v1/north/line-1/tlm',
      'edge/v1/north//tlm',
      'edge/v1//line-1/tlm',
      'edge/v1/NORTH/line-1/tlm',
      'edge/v1/n\u043erth/line-1/tlm',
      'edge/v1/north/line\u20101/tlm',
      'edge/v1/north/line-1\u0000/tlm',
      'edge/v1/north/line-1\u200b/tlm',
      'edge/v1/north/line-1/tlm\n',
      'edge/v1/+/line-1/tlm',
      'edge/v1/north/line-1/#',
      '$SYS/broker/uptime',
      '$share/g/edge/v1/north/line-1/tlm',
      '',
      '/'.repeat(65_535),
    ])
      expect(tell('north.line-1', topic), JSON.stringify(topic.slice(0, 60))).not.toBeNull();
  });

  it('never let a name publish or subscribe on a topic that does not carry it', () => {
    const id = fc.stringMatching(/^[a-z0-9-]{1,8}$/);
    const part = fc.oneof(id, fc.string({ maxLength: 6 }), fc.constantFrom('+', '#', '', 'hub', '..', '$SYS'));
    fc.assert(
      fc.property(
        id,
        id,
        fc.array(part, { minLength: 1, maxLength: 7 }),
        fc.boolean(),
        (site, device, parts, rooted) => {
          fc.pre(site !== 'hub');
          const topic = `${rooted ? 'edge/v1/' : ''}${parts.join('/')}`;
          const own = `edge/v1/${site}/${device}/`;
          if (tell(`${site}.${device}`, topic) === null) expect([`${own}tlm`, `${own}status`]).toContain(topic);
          if (maySubscribe(`${site}.${device}`, 'device', topic)) expect(topic).toBe(`${own}ack`);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('bound what the broker must remember: no QoS 2, only the status retained, and a small one', () => {
    expect(tell('north.line-1', 'edge/v1/north/line-1/tlm', { qos: 2 })).toMatch(/QoS 2/);
    expect(tell('north.line-1', 'edge/v1/north/line-1/tlm', { retain: true })).toMatch(/not retained/);
    expect(tell('north.line-1', 'edge/v1/north/line-1/status', { bytes: 4_097 })).toMatch(/4097 bytes/);
  });

  it('let the hub acknowledge and listen, but not speak for a device', () => {
    expect(tell('hub.ingest-1', 'edge/v1/north/line-1/ack')).toBeNull();
    expect(tell('hub.ingest-1', 'edge/v1/north/line-1/ack', { retain: true })).not.toBeNull();
    expect(tell('hub.ingest-1', 'edge/v1/north/line-1/tlm')).toMatch(/does not speak for a device/);
    expect(maySubscribe('hub.ingest-1', 'worker', 'edge/v1/+/+/tlm')).toBe(true);
    expect(maySubscribe('hub.ingest-1', 'worker', 'edge/v1/+/+/status')).toBe(true);
    // aedes has no shared subscriptions: granting one would deliver nothing, silently.
    for (const filter of ['#', 'edge/#', '$SYS/#', '$share/ingest/edge/v1/+/+/tlm'])
      expect(maySubscribe('hub.ingest-1', 'worker', filter), filter).toBe(false);
  });

  it('know the hub by its reserved site', () => {
    expect(roleOfName('hub.ingest-1')).toBe('worker');
    expect(roleOfName('hubs.ingest-1')).toBe('device');
    for (const name of ['hub', 'a.b.c', 'A.b', 'a.', '', 'a b.c', `${'a'.repeat(65)}.b`])
      expect(roleOfName(name), name).toBeUndefined();
  });
});
