import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkPair, readBlueprints } from '@edge-blueprints/blueprints';
import { logger, type Tree } from '@nx/devkit';
import { createTree } from '@nx/devkit/testing';
import { describe, expect, it, vi } from 'vitest';
import { checkOptions } from '../lib/check-options.js';
import { blueprintSkeleton } from '../lib/skeletons/blueprint-skeleton.js';
import { openFields } from '../lib/skeletons/open-fields.js';
import { targetSkeleton } from '../lib/skeletons/target-skeleton.js';
import { repositorySource } from '../testing/repository-source.js';
import { blueprintGenerator } from './blueprint/generator.js';
import { targetGenerator } from './target/generator.js';

const { root, catalog } = repositorySource();
const schemaFile = 'libs/blueprint-plugin/schema/client-starter.json';
const items = (tree: Tree, kind: string) =>
  JSON.parse(tree.read(schemaFile, 'utf8') ?? '').properties[kind]['x-prompt'].items;

describe('new folders of data', () => {
  /** What the tree holds beside the shipped data, as the reader of the data sees it. */
  const read = (tree: Tree) => {
    const folder = mkdtempSync(join(tmpdir(), 'skeletons-'));
    try {
      cpSync(join(root, 'blueprints'), folder, { recursive: true });
      for (const { path, content } of tree.listChanges()) {
        if (!path.startsWith('blueprints/') || content === null) continue;
        const file = join(folder, path.slice('blueprints/'.length));
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
      }
      return readBlueprints(folder, { root });
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  const treeWithSchema = (): Tree => {
    const tree = createTree();
    tree.write(schemaFile, readFileSync(join(root, schemaFile)));
    return tree;
  };

  it('are taken at once: targets of either kind and an industry, offered by the prompts, with a starter that can be made', async () => {
    const tree = treeWithSchema();
    await targetGenerator(tree, { id: 'toaster', title: 'Toaster' }, root, catalog);
    await targetGenerator(tree, { id: 'npu-hat', title: 'NPU hat', like: 'hailo-8l' }, root, catalog);
    const museum = { id: 'museum', title: 'Visitors', industry: 'culture', like: 'retail-analytics' };
    await blueprintGenerator(tree, museum, root, catalog);
    const made = read(tree);
    for (const id of ['toaster', 'npu-hat']) {
      expect(made.target(id).target.readiness).toBe('configuration-only');
      expect(made.target(id).hardware).toMatchObject({ speeds: [], power: { unknown: expect.any(String) } });
    }
    expect(made.target('npu-hat').target.routes.map(({ id }) => id)).toEqual(['hailo']);
    expect(made.blueprint('museum').claims.every(({ readiness }) => readiness === 'planned')).toBe(true);
    expect(checkPair(made.blueprint('museum'), made.target('toaster'), made.workspace).possible).toBe(true);
    expect(items(tree, 'blueprint')).toContain('museum');
    const kept = (text: string) => text.replaceAll(/"(museum|toaster|npu-hat)",?|[\s,]/g, '');
    expect(kept(tree.read(schemaFile, 'utf8') ?? '')).toBe(kept(readFileSync(join(root, schemaFile), 'utf8')));
    expect(items(tree, 'target')).toEqual(expect.arrayContaining(['cpu', 'toaster', 'npu-hat']));
    // The recipes are read below the root: here that of the blueprint which it was made from.
    const recipe = JSON.parse(tree.read('blueprints/museum/starter/starter.json', 'utf8') ?? '');
    expect(recipe).toEqual(
      JSON.parse(readFileSync(join(root, 'blueprints/retail-analytics/starter/starter.json'), 'utf8')),
    );
    expect(() =>
      checkOptions({ name: 'x', blueprint: 'retail-analytics', target: ['toaster'] }, made, root),
    ).not.toThrow();
  });

  it('can be made from every blueprint and every target', () => {
    for (const like of catalog.targets)
      expect(targetSkeleton({ id: 'box', title: 'x', part: 'x', like }).target.readiness).toBe('configuration-only');
    for (const like of catalog.blueprints)
      expect(openFields(blueprintSkeleton({ id: 'inn', title: 'x', industry: 'y', like }))).toContain('summary');
  });

  it('are refused under a known or wrong name and from an unknown one, all at once, and nothing is written', async () => {
    const tree = treeWithSchema();
    const wrong = targetGenerator(tree, { id: 'cpu', title: 'x', like: 'hailo-8' }, root, catalog);
    await expect(wrong).rejects.toThrow(/2 problem.*\n.*a target "cpu" already.*\n.*did you mean "hailo-8l"/);
    const industry = { id: 'My_Museum', title: 'x', industry: 'y', like: 'retail' };
    await expect(blueprintGenerator(tree, industry, root, catalog)).rejects.toThrow(
      /no id; use lower-case.*\n.*did you mean "retail-analytics"/,
    );
    expect(tree.listChanges().map(({ path }) => path)).not.toContainEqual(expect.stringMatching(/^blueprints/));
  });

  it('say which name is close, and which fields are open', async () => {
    const told: unknown[] = [];
    const hear = (line: unknown) => void told.push(line);
    const spies = [
      vi.spyOn(logger, 'info').mockImplementation(hear),
      vi.spyOn(logger, 'warn').mockImplementation(hear),
    ];
    const done = await targetGenerator(
      treeWithSchema(),
      { id: 'hailo-8', title: 'Hailo-8', like: 'hailo-8l' },
      root,
      catalog,
    );
    await done();
    for (const spy of spies) spy.mockRestore();
    expect(told.join('\n')).toMatch(/close to the target "hailo-8l"[^]*tops, precisions, power/);
  });
});
