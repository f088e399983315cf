import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseConfig } from './parse-config.js';
import { targetSchema, type Target } from './target.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../../..');
const targets = join(root, 'blueprints/targets');
const ids = readdirSync(targets, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

function read(id: string): unknown {
  return JSON.parse(readFileSync(join(targets, id, 'target.json'), 'utf8'));
}

function changed(change: (target: { routes: Record<string, unknown>[] }) => void): unknown {
  const target = structuredClone(read('hailo-8l')) as { routes: Record<string, unknown>[] };
  change(target);
  return target;
}

describe('the targets', () => {
  it('have the eight of the plan', () => {
    const planned = ['jetson-orin-nx', 'jetson-agx-orin', 'coral-dev-board', 'cloud-ai-100'];
    expect(ids).toEqual(expect.arrayContaining([...planned, 'meteor-lake-npu', 'hailo-8l', 'ryzen-ai', 'cpu']));
  });

  it.each(ids)('%s follows the schema, its folder and its files', (id) => {
    const target: Readonly<Target> = parseConfig(targetSchema, read(id), `blueprints/targets/${id}/target.json`);
    expect(target.id).toBe(id);
    expect(existsSync(join(targets, id, 'recipe.md'))).toBe(true);
    for (const route of target.routes) {
      if (route.script !== null) expect(existsSync(join(targets, id, route.script)), route.script).toBe(true);
      if (!route.runHere) continue;
      const lock = readFileSync(join(root, 'models/compilers', `${route.compiler.lock}.lock`), 'utf8');
      expect(lock.replaceAll('_', '-')).toMatch(
        new RegExp(`^${route.compiler.name}(-cpu)?==${route.compiler.version}$`, 'm'),
      );
      expect(existsSync(join(root, 'models/compilers', String(route.compiler.script)))).toBe(true);
    }
  });

  it('refuse a small calibration set, an open version, a missing digest without a reason and an unknown key', () => {
    const wrong = changed((target) => {
      const route = target.routes[0];
      if (route === undefined) return;
      route['calibration'] = { needed: true, minimumSamples: 64, reason: 'few' };
      route['compiler'] = { name: 'x', version: 'latest', distribution: 'vendor' };
      route['container'] = { image: 'a', tag: 'latest', digest: null, digestReason: null };
      route['colour'] = 'red';
    });
    const problems = targetSchema.safeParse(wrong).error?.issues.map((issue) => issue.path.join('.')) ?? [];
    expect(problems).toEqual(expect.arrayContaining(['routes.0.compiler.version', 'routes.0']));
    const digest = changed((target) => {
      const route = target.routes[0];
      if (route !== undefined) route['container'] = { image: 'a', tag: '1', digest: null, digestReason: null };
    });
    expect(() => parseConfig(targetSchema, digest, 'target.json')).toThrow(/why the digest is missing/);
    const samples = changed((target) => {
      const route = target.routes[0];
      if (route !== undefined) route['calibration'] = { needed: true, minimumSamples: 64, reason: 'few' };
    });
    expect(() => parseConfig(targetSchema, samples, 'target.json')).toThrow(/1,024/);
  });

  it('refuse two routes of one name', () => {
    const twice = changed((target) => target.routes.push(...structuredClone(target.routes)));
    expect(() => parseConfig(targetSchema, twice, 'target.json')).toThrow(/different ids/);
  });
});
