import { join } from 'node:path';
import { readBlueprints } from '@edge-blueprints/blueprints';
import { describe, expect, it } from 'vitest';
import { checkOptions } from './check-options.js';
import { repositoryRoot as root } from './starter-source.js';

const catalog = readBlueprints(join(root, 'blueprints'));
const fine = { name: 'acme-line', blueprint: 'manufacturing-inspection', target: ['cpu'] };
const check = (change: object) => checkOptions({ ...fine, ...change }, catalog, root);
const problemsOf = (change: object): string => {
  try {
    check(change);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return '';
};

describe('checkOptions', () => {
  it('takes what fits together', () => {
    const { targets, options } = check({ mes: 'https://mes.example/cfx', plcRole: 'client' });
    expect(options.pattern).toBe('on-device');
    expect(targets.map(({ entry, route }) => [entry.id, route])).toEqual([['cpu', 'onnxruntime']]);
  });

  it('tells all problems at once, with the nearest known name', () => {
    const told = problemsOf({
      name: 'Acme Line',
      target: ['cpu', 'jetson-orin-nxx'],
      pattern: 'hybird',
      fhir: 'https://x',
    });
    expect(told).toContain('4 problem(s)');
    expect(told).toContain('"Acme Line" is no npm package name');
    expect(told).toContain('did you mean "jetson-orin-nx"?');
    expect(told).toContain('did you mean "hybrid"?');
    expect(told).toContain('manufacturing-inspection has nothing for it; it takes plcRole, mes, broker, fogNode');
  });

  it('lists the known blueprints', () => {
    expect(problemsOf({ blueprint: 'retail-analytic' })).toMatch(
      /did you mean "retail-analytics"\? known are manufacturing/,
    );
  });

  it.each([
    [{ pattern: 'fog' }, 'cannot go without it; give --fogNode'],
    [{ pattern: 'hybrid' }, 'give --broker'],
    [{ fogNode: 'http://10.0.0.5:8500' }, 'goes with the pattern fog'],
    [{ plcRole: 'master' }, 'known are client, server'],
    [{ mes: 'mes.example' }, 'use http://HOST:PORT or https://HOST:PORT'],
    [{ mes: 'https://user:word@mes.example' }, 'holds a user or password'],
    [{ blueprint: 'retail-analytics', pattern: 'fog' }, 'known for retail-analytics are on-device, hybrid'],
    [{ blueprint: 'ward-monitoring', pattern: 'fog' }, 'known for ward-monitoring are on-device, hybrid'],
    [{ name: 'fs' }, 'no npm package name'],
  ])('refuses %j', (change, problem) => expect(problemsOf(change)).toContain(problem));

  it('refuses a pattern that is planned and not built', () => {
    const blueprints = catalog.blueprints.map((each) => ({
      ...each,
      patterns: each.patterns.map((one) =>
        one.pattern === 'hybrid' ? { ...one, readiness: 'planned' as const } : one,
      ),
    }));
    const wish = { ...fine, pattern: 'hybrid', broker: 'mqtts://hub.example:8883' };
    expect(() => checkOptions(wish, { ...catalog, blueprints }, root)).toThrow('"hybrid" is planned for manufacturing');
  });

  it('refuses a target that cannot run the model, says why, and which targets can', () => {
    const told = problemsOf({ blueprint: 'retail-analytics', target: ['hailo-8l'] });
    expect(told).toMatch(/hailo-8l cannot run retail-analytics\. person-pose: hailo: .+Targets that can: .*cpu/);
  });
});
