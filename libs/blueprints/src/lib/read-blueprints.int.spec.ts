import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { drawArchitecture } from './architecture-picture.js';
import { checkPair, fitModel } from './pair.js';
import { makePages } from './pages/pages.js';
import { readBlueprints } from './read-blueprints.js';

const root = join(import.meta.dirname, '../../../..');
const shipped = readBlueprints(join(root, 'blueprints'));

/** JSON as one edits it. */
type Json = Record<string, unknown>;
const at = (json: unknown, ...keys: (string | number)[]): Json =>
  keys.reduce<unknown>((part, key) => (part as Json)[key], json) as Json;

describe('the shipped blueprints', () => {
  it('are three industries and eight targets without a problem', () => {
    expect(shipped.blueprints.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['manufacturing-inspection', 'retail-analytics', 'ward-monitoring']),
    );
    expect(shipped.targets.length).toBeGreaterThanOrEqual(8);
  });

  it('run on any laptop: every blueprint fits the cpu', () => {
    for (const blueprint of shipped.blueprints) {
      expect(checkPair(blueprint, shipped.target('cpu'), shipped.workspace).possible, blueprint.id).toBe(true);
    }
  });

  it('tell an impossible pair by the operator that the target lacks', () => {
    const pair = checkPair(shipped.blueprint('retail-analytics'), shipped.target('hailo-8l'), shipped.workspace);
    expect(pair.possible).toBe(false);
    expect(pair.models[0]?.refusals[0]).toMatch(/^hailo: node .* \(Clip\): hailo-8l cannot run this operator/);
  });

  it('refuse a model that is too large, and warn of one that does not fit the fast memory', () => {
    const files = shipped.workspace.bundleFiles('pcb-defects');
    const grown = (bytes: number) => files.map((file) => ({ ...file, graph: { ...file.graph, bytes } }));
    const coral = shipped.target('coral-dev-board');
    expect(fitModel('pcb-defects', grown(300 * 2 ** 20), coral).refusals).toEqual([
      expect.stringMatching(/300\.0 MiB, more than a quarter of the target's 1 GiB/),
    ]);
    expect(fitModel('pcb-defects', grown(9 * 2 ** 20), coral).warnings).toEqual([expect.stringContaining('8 MiB')]);
  });

  it('name the nearest of an unknown blueprint or target', () => {
    expect(() => shipped.target('jetson-orin')).toThrow(/did you mean "jetson-orin-nx"\? known are .*cpu/);
    expect(() => shipped.blueprint('retail-analytcs')).toThrow(/did you mean "retail-analytics"/);
  });

  it('have pages that say what the data says', () => {
    for (const { file, text } of makePages(shipped, root)) {
      expect(
        readFileSync(join(root, file), 'utf8') === text,
        `${file}: node tools/run.mjs libs/blueprints/src/pages-main.ts`,
      ).toBe(true);
    }
  });

  it('are drawn with every part and every flow', () => {
    for (const { architecture, title } of shipped.blueprints) {
      const svg = drawArchitecture(architecture, title);
      for (const part of architecture.parts) expect(svg).toContain(`>${part.title}<`);
      expect(svg.match(/marker-end/g)).toHaveLength(architecture.flows.length);
      expect(svg).not.toMatch(/undefined|NaN|href=/);
    }
  });
});

describe('readBlueprints', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'blueprints-'));
    cpSync(join(root, 'blueprints'), folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const edit = (file: string, change: (json: Json) => void): void => {
    const json = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Json;
    change(json);
    writeFileSync(join(folder, file), JSON.stringify(json));
  };
  const problems = (): string => {
    try {
      readBlueprints(folder, { root });
      return '';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };

  it('finds a new industry and a new target by their folders alone', () => {
    cpSync(join(folder, 'retail-analytics'), join(folder, 'bakery'), { recursive: true });
    cpSync(join(folder, 'targets/cpu'), join(folder, 'targets/toaster'), { recursive: true });
    edit('bakery/blueprint.json', (json) =>
      Object.assign(json, { id: 'bakery', industry: 'food', defaultTarget: 'toaster' }),
    );
    for (const file of ['target.json', 'hardware.json'])
      edit(`targets/toaster/${file}`, (json) => Object.assign(json, { id: 'toaster' }));
    const catalog = readBlueprints(folder, { root });
    expect(catalog.blueprint('bakery').industry).toBe('food');
    expect(checkPair(catalog.blueprint('bakery'), catalog.target('toaster'), catalog.workspace).possible).toBe(true);
    const made = makePages(catalog, root)
      .map(({ file, text }) => `${file}\n${text}`)
      .join('\n');
    expect(made).toContain('blueprints/bakery/README.md');
    expect(made).toContain('(`toaster`)');
  });

  it('tells every problem of every file at once, with its field and what to do', () => {
    edit('manufacturing-inspection/blueprint.json', (json) => {
      at(json, 'models', 0)['bundle'] = 'pcb-defect';
      at(json, 'kpis', 4)['command'] = { by: 'npm', name: 'bensch', arguments: [] };
      at(json, 'kpis', 5, 'command')['arguments'] = ['hubb'];
      at(json, 'kpis', 0, 'result')['pointer'] = '/reports/9/map';
      at(json, 'claims', 0)['evidence'] = ['e2e/nowhere.e2e.ts'];
      json['defaultTarget'] = 'cup';
    });
    edit('retail-analytics/blueprint.json', (json) => {
      at(json, 'kpis', 0)['comparison'] = 'at-mosst';
      at(json, 'sizing', 0)['default'] = 'many';
      json['colour'] = 'red';
      delete json['summary'];
      at(json, 'architecture', 'flows', 0)['to'] = 'nod';
    });
    edit('targets/hailo-8l/hardware.json', (json) => {
      at(json, 'power')['unknown'] = 'short';
      json['tops'] = { value: { marketed: 13, basis: 'INT8' }, source: 'nobody' };
      at(json, 'memory', 'value')['gibibytes'] = 'eight';
    });
    writeFileSync(join(folder, 'targets/cpu/hardware.json'), '{"id": ');
    rmSync(join(folder, 'ward-monitoring/blueprint.json'));
    const told = problems();
    for (const expected of [
      /manufacturing-inspection\/blueprint\.json: models\.0\.bundle: there is no bundle "pcb-defect"; did you mean "pcb-defects"/,
      /kpis\.4\.command: there is no script of package\.json "bensch"; did you mean "bench"/,
      /kpis\.5\.command: there is no suite of e2e "hubb"; did you mean "hub"/,
      /kpis\.0\.result: \/reports\/9\/map of .*\.json is no number/,
      /claims\.0\.evidence\.0: there is no e2e\/nowhere\.e2e\.ts/,
      /defaultTarget: there is no target "cup"/,
      /retail-analytics\/blueprint\.json: kpis\.0\.comparison: .*"at-most" was probably meant/,
      /sizing\.0\.default: .*make it of the kind number/,
      /retail-analytics\/blueprint\.json: Unrecognized key: "colour"; remove it/,
      /summary: .*; add it/,
      /architecture\.flows\.0\.to: there is no part nod; parts are entrance/,
      /targets\/hailo-8l\/hardware\.json: power\.unknown: say why it is unknown/,
      /targets\/hailo-8l\/hardware\.json: memory\.value\.gibibytes: .*make it of the kind number/,
      /targets\/cpu\/hardware\.json: is not JSON/,
      /ward-monitoring\/blueprint\.json: is missing; write it/,
    ]) {
      expect(told).toMatch(expected);
    }
  });

  it('refuses facts whose source is not listed, contradictions, and a label that the speeds do not bear out', () => {
    edit('targets/hailo-8l/hardware.json', (json) => {
      at(json, 'tops')['source'] = 'nobody';
      at(json, 'cannotRun', 0)['operator'] = 'Conv';
    });
    edit('targets/ryzen-ai/hardware.json', (json) => (json['speeds'] = []));
    edit('targets/cpu/hardware.json', (json) => (at(json, 'speeds', 0)['milliseconds'] = 1.5));
    edit('targets/coral-dev-board/target.json', (json) => (json['id'] = 'coral'));
    const told = problems();
    expect(told).toMatch(/hailo-8l\/hardware\.json: sources: source "nobody" is not listed under sources; add it/);
    expect(told).toMatch(/ryzen-ai\/hardware\.json: sources: sources\.gemm is used by no fact; remove it/);
    expect(told).toMatch(
      /cpu\/hardware\.json: speeds\.0: \/models\/1\/p50Ms of docs\/optimisation\/latency\.json says 8\.32/,
    );
    expect(told).toMatch(/coral-dev-board\/target\.json: id: is "coral" but the folder is "coral-dev-board"/);

    edit('targets/hailo-8l/hardware.json', (json) => (at(json, 'tops')['source'] = 'ai-hat'));
    edit('targets/ryzen-ai/hardware.json', (json) => delete at(json, 'sources')['gemm']);
    const then = problems();
    expect(then).toMatch(/hailo-8l\/hardware\.json: cannotRun\.0: route hailo of target\.json lists Conv/);
    expect(then).toMatch(
      /ryzen-ai\/target\.json: readiness: is published, but the speeds .* make it configuration-only/,
    );
  });

  it('says when there is no such folder', () => {
    expect(() => readBlueprints(join(folder, 'nowhere'), { root })).toThrow(/nowhere: there is no such folder/);
  });
});
