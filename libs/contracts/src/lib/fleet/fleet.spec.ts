import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cloudEventSchema,
  fleetFilter,
  fleetLimits,
  fleetTopic,
  identityName,
  parseFleetJson,
  parseFleetTopic,
  parseIdentityName,
} from '../../index.js';

const id = fc.stringMatching(/^[a-z0-9-]{1,64}$/);

describe('fleet topics', () => {
  it('come back as what they were made of', () => {
    fc.assert(
      fc.property(id, id, fc.constantFrom('tlm', 'ack', 'status'), (site, device, channel) => {
        expect(parseFleetTopic(fleetTopic({ site, device }, channel))).toEqual({ site, device, channel });
        expect(parseIdentityName(identityName({ site, device }))).toEqual({ site, device });
      }),
    );
  });

  it('are refused when anything about them is not ours', () => {
    for (const topic of [
      'edge/v1/a/b/tlm/x',
      'edge/v1/a/b',
      'edge/v1//b/tlm',
      'edge/v1/A/b/tlm',
      'edge/v1/+/b/tlm',
      'edge/v2/a/b/tlm',
      '/edge/v1/a/b/tlm',
      'edge/v1/a/b/cmd',
      `edge/v1/${'a'.repeat(65)}/b/tlm`,
      'edge/v1/\u0430/b/tlm',
    ])
      expect(parseFleetTopic(topic), topic).toBeUndefined();
    expect(() => fleetTopic({ site: 'a/b', device: '#' }, 'ack')).toThrow(/"a\/b", "#"/);
  });

  it('are subscribed to by all, or by one of a group', () => {
    expect(fleetFilter('tlm')).toBe('edge/v1/+/+/tlm');
    expect(fleetFilter('tlm', 'ingest')).toBe('$share/ingest/edge/v1/+/+/tlm');
  });
});

describe('parseFleetJson', () => {
  it('refuses what is too large, not UTF-8, not JSON or not an event, and says which', () => {
    const parse = (bytes: Uint8Array) => parseFleetJson(cloudEventSchema, bytes);
    expect(parse(new Uint8Array(fleetLimits.batchBytes + 1))).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/more than/),
    });
    expect(parse(new Uint8Array([0xff, 0xfe]))).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/not JSON in UTF-8/),
    });
    expect(parse(Buffer.from('{"a":1'))).toMatchObject({ ok: false, problem: expect.stringMatching(/not JSON/) });
    expect(parse(Buffer.from('{"specversion":"1.0"}'))).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/epoch/),
    });
  });
});
