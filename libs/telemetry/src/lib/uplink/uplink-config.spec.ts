import { parseConfig } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { uplinkConfigSchema } from './uplink-config.js';

const tls = { caFile: 'ca.crt', certFile: 'a.crt', keyFile: 'a.key' };
const base = {
  url: 'mqtts://hub:8883',
  site: 'site-01',
  device: 'device-0001',
  tls,
  outbox: { file: 'outbox.sqlite' },
};
const problemsOf = (change: object): string => {
  const parsed = uplinkConfigSchema.safeParse({ ...base, ...change });
  return parsed.success
    ? ''
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
};

describe('the configuration of an uplink', () => {
  it('needs an address, an identity, certificates and a file, and has a default for the rest', () => {
    expect(parseConfig(uplinkConfigSchema, base, 'test')).toMatchObject({
      keepaliveSeconds: 30,
      eventsPerSecond: 1_000,
    });
  });

  it('goes without TLS on loopback only', () => {
    expect(problemsOf({ url: 'mqtt://127.0.0.1:1883', tls: null })).toBe('');
    expect(problemsOf({ url: 'mqtt://hub:1883', tls: null })).toContain('only a broker on this machine');
    expect(problemsOf({ url: 'mqtt://127.0.0.1:1883' })).toContain('goes with the certificates');
    expect(problemsOf({ tls: null })).toContain('goes with the certificates');
  });

  it.each([
    [{ url: 'hub' }, /url is not mqtts/],
    [{ url: 'mqtts://a:b@hub:1' }, /holds a user or password/],
    [{ site: 'Site/1' }, /site use 1 to 64/],
    [{ outbox: { file: 'a', maxByte: 1 } }, /maxByte/],
    [{ keepaliveSeconds: 0 }, /keepaliveSeconds/],
  ])('names what is wrong with %j', (change, problem) => {
    expect(problemsOf(change)).toMatch(problem);
  });
});
