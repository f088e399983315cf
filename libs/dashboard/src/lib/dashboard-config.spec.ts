import { parseConfig } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { dashboardConfigSchema, isLoopback } from './dashboard-config.js';
import { isKnownHost, isOwnOrigin } from './request-origin.js';

describe('dashboard configuration', () => {
  it('stays on loopback by default', () => {
    expect(parseConfig(dashboardConfigSchema, {}, 'test')).toMatchObject({
      host: '127.0.0.1',
      port: 4200,
      allowRemote: false,
    });
  });

  it('refuses a reachable host unless it is asked for by name, and unknown keys, all in one error', () => {
    expect(() => parseConfig(dashboardConfigSchema, { host: '0.0.0.0' }, 'test')).toThrow(/allowRemote/);
    expect(parseConfig(dashboardConfigSchema, { host: '0.0.0.0', allowRemote: true }, 'test').host).toBe('0.0.0.0');
    expect(() => parseConfig(dashboardConfigSchema, { prot: 1, port: 70_000 }, 'test')).toThrow(/"prot"[\s\S]*|65535/);
  });

  it.each([
    ['127.0.0.1', true],
    ['127.8.0.1', true],
    ['localhost', true],
    ['[::1]', true],
    ['127.0.0.1.example.com', false],
    ['0.0.0.0', false],
    ['10.0.0.7', false],
  ])('%s is loopback: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});

describe('request origin', () => {
  const config = parseConfig(
    dashboardConfigSchema,
    { host: '10.0.0.7', allowRemote: true, allowedHosts: ['station-3.plant'] },
    'test',
  );

  it.each([
    ['10.0.0.7:4200', true],
    ['127.0.0.1:4200', true],
    ['station-3.plant', true],
    ['attacker.example:4200', false],
    [undefined, false],
    ['a b', false],
  ])('Host %s is known: %s', (host, expected) => {
    expect(isKnownHost(host, config)).toBe(expected);
  });

  it.each([
    ['http://127.0.0.1:4200', 'same-origin', true],
    [undefined, undefined, true],
    ['http://127.0.0.1:4201', undefined, false],
    ['http://attacker.example', undefined, false],
    ['null', undefined, false],
    [undefined, 'cross-site', false],
    [undefined, 'same-site', false],
  ])('Origin %s with Sec-Fetch-Site %s is our own: %s', (origin, fetchSite, expected) => {
    expect(isOwnOrigin({ host: '127.0.0.1:4200', origin, fetchSite })).toBe(expected);
  });
});
