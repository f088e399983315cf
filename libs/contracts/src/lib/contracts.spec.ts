import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DeviceError, EdgeError, errorCode, errorMessage } from './errors.js';
import { createJsonLogger } from './logger.js';
import { parseConfig } from './parse-config.js';
import { createRandom } from './random.js';

describe('EdgeError', () => {
  it('carries code, retry class and cause, and is never retried by default', () => {
    const cause = new TypeError('low');
    const error = new DeviceError('plc.write-timeout', 'no answer', { retry: 'ambiguous', cause });
    expect(error).toMatchObject({ name: 'DeviceError', code: 'plc.write-timeout', retry: 'ambiguous', cause });
    expect(new EdgeError('a.b', 'x').retry).toBe('never');
    expect([errorCode(error), errorCode('text'), errorMessage('text')]).toEqual([
      'plc.write-timeout',
      'unexpected',
      'text',
    ]);
  });
});

describe('parseConfig', () => {
  const schema = z.strictObject({
    port: z.int().max(65535),
    name: z.string(),
    nested: z.strictObject({ list: z.array(z.int()) }),
  });

  it('reports every problem at once and names the file', () => {
    const parse = () => parseConfig(schema, { port: 70_000, unitID: 1, nested: { list: [1, 'two'] } }, 'line-3.json');
    expect(parse).toThrow(/Invalid configuration in line-3\.json/);
    expect(parse).toThrow(
      /unitID[\s\S]*port[\s\S]*name[\s\S]*nested\.list\[1\]|port[\s\S]*name[\s\S]*nested\.list\[1\][\s\S]*unitID/,
    );
  });

  it('freezes what it returns, all the way down', () => {
    const config = parseConfig(schema, { port: 1, name: 'a', nested: { list: [1] } }, 'x');
    expect(Object.isFrozen(config) && Object.isFrozen(config.nested) && Object.isFrozen(config.nested.list)).toBe(true);
  });
});

describe('createRandom', () => {
  it('gives the same sequence for the same seed and others for forks', () => {
    const a = createRandom(7);
    const b = createRandom(7);
    const first = Array.from({ length: 20 }, () => a.next());
    expect(first).toEqual(Array.from({ length: 20 }, () => b.next()));
    expect(createRandom(8).next()).not.toBe(first[0]);
    expect(createRandom(7).fork('x').next()).not.toBe(createRandom(7).fork('y').next());
  });

  it('stays inside its ranges', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.integer({ min: -50, max: 50 }),
        fc.nat(100),
        (seed, low, span) => {
          const random = createRandom(seed);
          for (let i = 0; i < 20; i++) {
            const n = random.integer(low, low + span);
            expect(Number.isInteger(n) && n >= low && n <= low + span).toBe(true);
            const u = random.next();
            expect(u >= 0 && u < 1).toBe(true);
            expect(Number.isFinite(random.normal())).toBe(true);
          }
        },
      ),
    );
  });

  it('is uniform: 16 bins of 64,000 draws pass chi-square at 0.1 %', () => {
    const random = createRandom(42);
    const bins = new Array<number>(16).fill(0);
    for (let i = 0; i < 64_000; i++) bins[Math.floor(random.next() * 16)]! += 1;
    const chi2 = bins.reduce((sum, n) => sum + (n - 4000) ** 2 / 4000, 0);
    expect(chi2).toBeLessThan(37.7); // chi-square, 15 degrees of freedom, p = 0.001
  });
});

describe('createJsonLogger', () => {
  it('writes one JSON object a line, with inherited fields, from its level up', () => {
    const lines: string[] = [];
    const log = createJsonLogger({ write: (line) => lines.push(line), now: () => 0, level: 'warn' }).child({
      stage: 'infer',
    });
    log.info('infer.start');
    log.warn('infer.deadline', { ms: 12 });
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { at: '1970-01-01T00:00:00.000Z', level: 'warn', event: 'infer.deadline', stage: 'infer', ms: 12 },
    ]);
  });
});
