import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBlueprints, thermalShare as dataShare } from '@edge-blueprints/blueprints';
import { airCelsius, assumedFrom, resolveAssumptions, thermalShare, type Plan } from '@edge-blueprints/sizing';
import { afterAll, describe, expect, it } from 'vitest';
import { factsOfTargets } from '../libs/blueprint-plugin/src/lib/plan/facts-of-target.js';
import { examplePlan, writePlan } from '../libs/blueprint-plugin/src/lib/plan/plan-files.js';

const exampleFile = examplePlan(join(import.meta.dirname, '..'));
const catalog = readBlueprints(join(import.meta.dirname, '../blueprints'));
const folder = mkdtempSync(join(tmpdir(), 'plan-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the planner on the data of blueprints/', () => {
  it('works the example out: 1,000 stations on 15 sites in 4 countries, all targets compared, a sum at the end', () => {
    const [, json = '', page = ''] = writePlan(exampleFile, join(folder, 'out'), catalog);
    const plan: Plan = JSON.parse(readFileSync(json, 'utf8'));
    expect(plan.input.sites.reduce((sum, { stations }) => sum + stations, 0)).toBe(1000);
    expect([plan.input.sites.length, plan.input.countries.length]).toEqual([15, 4]);
    expect(plan.options.map(({ target }) => target.id).sort()).toEqual(catalog.targets.map(({ id }) => id).sort());
    expect(plan.options.find(({ target }) => target.id === plan.chosen)).toMatchObject({
      cost: { total: expect.any(Number) },
    });
    expect(readFileSync(page, 'utf8')).toContain('The prices in this plan are made up');
  });

  it('loses 38 % in the sealed box at 45 °C on the Jetson of the data, as the reader of the data says too', () => {
    const input = JSON.parse(readFileSync(exampleFile, 'utf8'));
    const jetson = factsOfTargets(catalog, input).find(({ id }) => id === 'jetson-orin-nx') ?? expect.fail();
    const assumed = assumedFrom(resolveAssumptions({}));
    const share = thermalShare(jetson, airCelsius({ ambientCelsius: 45, enclosure: 'sealed' }, assumed), assumed);
    expect(share.value).toBeCloseTo(0.62, 2);
    const { thermal } = catalog.target('jetson-orin-nx').hardware;
    expect('value' in thermal ? dataShare(thermal.value, 45, 10) : null).toBeCloseTo(share.value, 12);
  });

  it('refuses a wrong plan with the names that were probably meant, and writes nothing', () => {
    const file = join(folder, 'wrong.json');
    const example = JSON.parse(readFileSync(exampleFile, 'utf8'));
    const own = { value: 1, kind: 'estimate', source: 'a guess', date: '2026-11-01' };
    const wrong = {
      ...example,
      choice: 'hailo-8',
      blueprint: 'manufacturing-inspecton',
      assumptions: { 'capacity.hedroom': own },
    };
    writeFileSync(file, JSON.stringify(wrong));
    const out = join(folder, 'nothing');
    const told = [
      /did you mean "hailo-8l"/,
      /did you mean "manufacturing-inspection"/,
      /did you mean "capacity.headroom"/,
    ];
    for (const each of told) expect(() => writePlan(file, out, catalog)).toThrow(each);
    writeFileSync(file, '{');
    expect(() => writePlan(file, out, catalog)).toThrow(/wrong\.json is not JSON/);
    expect(() => writePlan(join(folder, 'nowhere.json'), out, catalog)).toThrow(/there is no file/);
    expect(existsSync(out)).toBe(false);
  });
});
