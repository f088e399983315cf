import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tree } from '@nx/devkit';
import { createTree } from '@nx/devkit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBlueprints } from '@edge-blueprints/blueprints';
import { repositorySource } from '../testing/repository-source.js';
import { blueprintGenerator } from './blueprint/generator.js';
import { modelBundleGenerator } from './model-bundle/generator.js';
import { targetGenerator } from './target/generator.js';

/** The part of the repository that a packed plugin brings along, as far as it matters here. */
let data = '';
beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), 'packed-data-'));
  cpSync(join(repositorySource().root, 'blueprints'), join(data, 'blueprints'), { recursive: true });
  mkdirSync(join(data, 'libs/blueprint-plugin/dist/packs'), { recursive: true });
});
afterAll(() => rmSync(data, { recursive: true }));

describe('the generators of a packed plugin that need a clone', () => {
  const catalog = () => readBlueprints(join(data, 'blueprints'), { packed: true });

  it.each([
    ['target', (tree: Tree) => targetGenerator(tree, { id: 'toaster', title: 'Toaster' }, data, catalog())],
    [
      'blueprint',
      (tree: Tree) =>
        blueprintGenerator(
          tree,
          { id: 'museum', title: 'Visitors', industry: 'culture', like: 'retail-analytics' },
          data,
          catalog(),
        ),
    ],
    [
      'model-bundle --convert',
      (tree: Tree) => modelBundleGenerator(tree, { convert: 'pcb-defects', target: ['cpu'] }, data, catalog()),
    ],
  ])('%s says where it runs and what to do instead, and writes nothing', async (name, generate) => {
    const tree = createTree();
    const before = tree.listChanges().length;
    await expect(generate(tree)).rejects.toMatchObject({
      code: 'plugin.clone-only',
      message: expect.stringMatching(
        new RegExp(`^${name} runs in a clone of Edge Blueprints only.*(npm run preset-pack|bring the files here)`),
      ) as unknown,
    });
    expect(tree.listChanges()).toHaveLength(before);
  });
});
