import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wardTopicRules } from './ward-topic-rules.js';

const rules = wardTopicRules('north', 'w-4');
const tell = (name: string, topic: string, more: { qos?: number; retain?: boolean; bytes?: number } = {}) =>
  rules.publishProblem(
    name,
    name.startsWith('hub.') ? 'worker' : 'device',
    { topic, qos: more.qos ?? 1, retain: more.retain ?? false, bytes: more.bytes ?? 10 },
    4_096,
  );

describe('topics of a ward', () => {
  it('let a wearable speak on its own topics, with only its state retained', () => {
    for (const channel of ['hr', 'spo2', 'rr', 'acc'])
      expect([
        tell('north.w-1', `hc/v1/north/w-4/dev/w-1/${channel}`),
        tell('north.w-1', `hc/v1/north/w-4/dev/w-1/${channel}`, { retain: true }),
      ]).toEqual([null, 'a measurement is not retained']);
    expect(tell('north.w-1', 'hc/v1/north/w-4/dev/w-1/state', { retain: true })).toBeNull();
    expect(tell('north.w-1', 'hc/v1/north/w-4/dev/w-1/hr', { qos: 2 })).toMatch(/QoS 2/);
    expect(tell('north.w-1', 'hc/v1/north/w-4/dev/w-1/acc', { bytes: 4_097 })).toMatch(/4097/);
  });

  it('keep commands and the heartbeat to the gateway, which speaks for nobody', () => {
    expect(tell('hub.ward', 'hc/v1/north/w-4/gw/heartbeat', { retain: true })).toBeNull();
    expect(tell('hub.ward', 'hc/v1/north/w-4/dev/w-1/cmd')).toBeNull();
    expect(tell('hub.ward', 'hc/v1/north/w-4/dev/w-1/cmd', { retain: true })).not.toBeNull();
    expect(tell('hub.ward', 'hc/v1/north/w-4/dev/w-1/hr')).not.toBeNull();
    expect(tell('north.w-1', 'hc/v1/north/w-4/gw/heartbeat')).not.toBeNull();
    expect(tell('north.w-1', 'hc/v1/north/w-4/dev/w-1/cmd')).not.toBeNull();
    expect(rules.maySubscribe('hub.ward', 'worker', 'hc/v1/north/w-4/dev/+/+')).toBe(true);
    expect(rules.maySubscribe('north.w-1', 'device', 'hc/v1/north/w-4/dev/w-1/cmd')).toBe(true);
    for (const filter of ['#', 'hc/#', 'hc/v1/north/w-4/dev/+/+', 'hc/v1/north/w-4/dev/w-2/cmd'])
      expect(rules.maySubscribe('north.w-1', 'device', filter), filter).toBe(false);
  });

  it('never let a name speak where its own is not written', () => {
    const id = fc.constantFrom('north', 'south', 'w-1', 'w-2', 'w-4', 'dev', 'hr', '+', '#', '');
    fc.assert(
      fc.property(id, id, id, id, id, (a, b, c, d, e) => {
        const topic = `hc/v1/${a}/${b}/${c}/${d}/${e}`;
        if (tell('north.w-1', topic) === null) expect(topic).toBe('hc/v1/north/w-4/dev/w-1/hr');
      }),
      { numRuns: 500 },
    );
  });
});
