import { createTree } from '@nx/devkit/testing';
import type { Tree } from '@nx/devkit';
import { describe, expect, it } from 'vitest';
import { repositorySource } from '../../testing/repository-source.js';
import { clientStarterGenerator } from '../client-starter/generator.js';
import { stationGenerator } from './generator.js';

const source = repositorySource();
const options = {
  ...{ name: 'acme', blueprint: 'manufacturing-inspection', target: ['cpu', 'jetson-orin-nx'] },
  mes: 'http://mes:8080/cfx',
};
const json = (tree: Tree, path: string) => JSON.parse(tree.read(path, 'utf8') ?? 'null');
const all = (tree: Tree) => tree.listChanges().map(({ path, content }) => [path, content?.toString('base64')]);

describe('the generator station', () => {
  it('adds a station with its own name, folders and ports, and a third beside it', async () => {
    const tree = createTree();
    await clientStarterGenerator(tree, options, source);
    const before = new Set(tree.listChanges().map(({ path }) => path));
    await stationGenerator(tree, { name: 'line-2', directory: 'acme' }, source);
    await stationGenerator(tree, { name: 'line-3', directory: 'acme', target: ['cpu'] }, source);
    const added = tree.listChanges().flatMap(({ path }) => (before.has(path) ? [] : [path]));
    expect(added.map((path) => path.slice('acme/'.length)).sort()).toEqual([
      'config/station.line-2.cpu.json',
      'config/station.line-2.jetson-orin-nx.json',
      'config/station.line-3.cpu.json',
      'deploy/cpu/acme-line-2.service',
      'deploy/cpu/acme-line-3.service',
      'deploy/cpu/line-2.compose.yaml',
      'deploy/cpu/line-3.compose.yaml',
      'deploy/jetson-orin-nx/acme-line-2.service',
      'deploy/jetson-orin-nx/line-2.compose.yaml',
      'docs/stations/line-2.md',
      'docs/stations/line-3.md',
    ]);
    const third = json(tree, 'acme/config/station.line-3.cpu.json');
    expect(third).toMatchObject({
      ...{ station: { id: 'line-3' }, mes: { url: 'http://mes:8080/cfx' } },
      ...{ dashboard: { port: 4202 }, plc: { port: 1504 }, record: { folder: '../.data/line-3/station' } },
    });
    expect(json(tree, 'acme/.starter.json').stations).toEqual({
      'line-2': { number: 2, target: ['cpu', 'jetson-orin-nx'] },
      'line-3': { number: 3, target: ['cpu'] },
    });
    expect(tree.read('acme/deploy/cpu/line-3.compose.yaml', 'utf8')).toContain(
      'STATION_CONFIG: config/station.line-3.cpu.json',
    );
    for (const path of added) expect(tree.read(path, 'utf8'), path).not.toMatch(/<%|undefined/);
  });

  it('changes nothing when run again, and neither does client-starter; edits stay', async () => {
    const tree = createTree();
    await clientStarterGenerator(tree, options, source);
    await stationGenerator(tree, { name: 'line-2', directory: 'acme' }, source);
    tree.write('acme/config/station.line-2.cpu.json', '{"mine": true}');
    const settled = all(tree);
    await stationGenerator(tree, { name: 'line-2', directory: 'acme' }, source);
    await clientStarterGenerator(tree, options, source);
    expect(all(tree)).toEqual(settled);
    expect(json(tree, 'acme/config/station.line-2.cpu.json')).toEqual({ mine: true });
  });

  it('does not move the port of a PLC that the station asks', async () => {
    const tree = createTree();
    await clientStarterGenerator(tree, { ...options, target: ['cpu'], plcRole: 'client' }, source);
    await stationGenerator(tree, { name: 'line-2', directory: 'acme' }, source);
    expect(json(tree, 'acme/config/station.line-2.cpu.json').plc.port).toBe(502);
  });

  it('refuses a wrong name, a target that the starter lacks and a folder without starter, all at once', async () => {
    const tree = createTree();
    tree.write('empty/x', '');
    const nowhere = stationGenerator(tree, { name: 'Line 2', directory: 'empty' }, source);
    await expect(nowhere).rejects.toThrow(/2 problem.*\n.*no station name.*\n.*empty holds no starter/);
    await clientStarterGenerator(tree, options, source);
    const settled = all(tree);
    const wrong = stationGenerator(tree, { name: 'acme', directory: 'acme', target: ['cpus'] }, source);
    await expect(wrong).rejects.toThrow(/2 problem.*\n.*first station.*\n.*did you mean "cpu"/);
    expect(all(tree)).toEqual(settled);
  });

  it('refuses a starter that does not say how it was made', async () => {
    const tree = createTree();
    const old = { format: 'edge-starter-files/1', name: 'acme', blueprint: 'manufacturing-inspection', files: {} };
    tree.write('acme/.starter.json', JSON.stringify(old));
    const asked = stationGenerator(tree, { name: 'line-2', directory: 'acme' }, source);
    await expect(asked).rejects.toThrow(/run client-starter over it first/);
    tree.write('acme/.starter.json', '{');
    await expect(stationGenerator(tree, { name: 'line-2', directory: 'acme' }, source)).rejects.toThrow(/is not JSON/);
  });
});
