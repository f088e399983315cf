import { fleetEventData, fleetLimits } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBatch } from './decode-batch.js';
import { knownEventSchema } from './known-event.js';
import { metricsEvent, partEvent } from './testing/events.js';

const identity = { site: 'plant', device: 'press' };
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const decode = (value: unknown) => decodeBatch(identity, bytes(value), 0);
const codeOf = (item: unknown): string | undefined => {
  const decoded = decode([item]);
  return decoded.ok ? decoded.batch.refused[0]?.code : decoded.code;
};

describe('decoding a batch', () => {
  it('knows every event type of the wire', () => {
    const known = knownEventSchema.options.map((option) => option.shape.type.value);
    expect([...known].sort()).toEqual(Object.keys(fleetEventData).sort());
  });

  it('takes good events and sets a bad one aside with its number', () => {
    const bad = { ...partEvent(2), data: { verdict: 'maybe' } };
    const decoded = decode([partEvent(1), bad, metricsEvent(3)]);
    expect(decoded.ok && decoded.batch.events.map((event) => event.sequence)).toEqual([1, 3]);
    expect(decoded.ok && decoded.batch.refused).toMatchObject([
      { number: { epoch: bad.epoch, sequence: 2 }, code: 'hub.event-malformed' },
    ]);
  });

  it.each([
    ['another device as source', { ...partEvent(1), source: '/edge/plant/other' }, 'hub.event-identity'],
    ['an unknown type', { ...partEvent(1), type: 'edge-blueprints.part-inspected.v9' }, 'hub.event-type'],
    ['a type out of the prototype', { ...partEvent(1), type: 'constructor' }, 'hub.event-type'],
    ['an id that is not its number', { ...partEvent(1), id: 'x-1' }, 'hub.event-malformed'],
    ['an attribute that is not of the envelope', { ...partEvent(1), admin: true }, 'hub.event-malformed'],
    ['NUL in a text', partEvent(1, { reason: 'a\u0000b' }), 'hub.event-text'],
    ['half of a surrogate pair', partEvent(1, { reason: 'a\ud800b' }), 'hub.event-text'],
    ['no object', 7, 'hub.event-malformed'],
    ['an event above its bound', partEvent(1, { reason: 'x'.repeat(fleetLimits.eventBytes) }), 'hub.event-too-large'],
  ])('refuses %s', (_, item, code) => {
    expect(codeOf(item)).toBe(code);
  });

  it('lets a text keep a backslash that only looks like an escape', () => {
    expect(codeOf(partEvent(1, { reason: 'path\\u0000 of it' }))).toBeUndefined();
  });

  it('refuses keys that would reach a prototype', () => {
    const text = JSON.stringify([partEvent(1)]).replace('"scores":{', '"scores":{"__proto__":{"polluted":1}');
    const decoded = decodeBatch(identity, new TextEncoder().encode(text), 0);
    expect(decoded.ok && decoded.batch.refused).toHaveLength(1);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    ['not JSON', new TextEncoder().encode('{'), 'hub.batch-malformed'],
    ['bad UTF-8', new Uint8Array([0x5b, 0xff, 0x5d]), 'hub.batch-malformed'],
    ['no array', bytes({}), 'hub.batch-malformed'],
    ['an empty array', bytes([]), 'hub.batch-malformed'],
    ['more events than a batch may hold', bytes(Array(fleetLimits.batchEvents + 1).fill(1)), 'hub.batch-malformed'],
    ['more bytes than a batch may have', new Uint8Array(fleetLimits.batchBytes + 1).fill(32), 'hub.batch-too-large'],
  ])('refuses a payload that is %s', (_, payload, code) => {
    expect(decodeBatch(identity, payload, 0)).toMatchObject({ ok: false, code });
  });

  it('survives nesting as deep as a payload can be', () => {
    const deep = new TextEncoder().encode('['.repeat(130_000) + ']'.repeat(130_000));
    const decoded = decodeBatch(identity, deep, 0);
    expect(decoded.ok ? decoded.batch.refused.length : 1).toBe(1);
  });

  it('never throws, whatever arrives', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        (payload) => {
          const decoded = decodeBatch(identity, payload, 0);
          expect(decoded.ok ? decoded.batch.events : []).toEqual([]);
        },
      ),
    );
  });
});
