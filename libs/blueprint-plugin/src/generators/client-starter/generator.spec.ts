import { createTree } from '@nx/devkit/testing';
import { describe, expect, it } from 'vitest';
import { repositorySource } from '../../testing/repository-source.js';
import { clientStarterGenerator } from './generator.js';

const source = repositorySource();
const options = { name: 'acme-store', blueprint: 'retail-analytics', target: ['cpu'] };

describe('the generator client-starter', () => {
  it('writes into the tree of Nx, and nothing more the second time', async () => {
    const tree = createTree();
    await clientStarterGenerator(tree, options, source);
    const config = JSON.parse(tree.read('acme-store/config/store.cpu.json', 'utf8') ?? '');
    expect(config).toMatchObject({
      store: { id: 'acme-store' },
      perception: { bundle: { folder: '../bundles/person-pose' } },
    });
    expect(tree.exists('acme-store/config/plan.example.json')).toBe(true);
    const before = tree.listChanges().map(({ path, content }) => [path, content?.toString('base64')]);
    tree.write('acme-store/README.md', 'ours');
    await clientStarterGenerator(tree, options, source);
    expect(tree.read('acme-store/README.md', 'utf8')).toBe('ours');
    const after = tree.listChanges().map(({ path, content }) => [path, content?.toString('base64')]);
    expect(after.filter(([path]) => path !== 'acme-store/README.md')).toEqual(
      before.filter(([path]) => path !== 'acme-store/README.md'),
    );
  });

  it('refuses a folder that holds something else', async () => {
    const tree = createTree();
    tree.write('acme-store/thesis.tex', 'x');
    await expect(clientStarterGenerator(tree, options, source)).rejects.toThrow(/not empty/);
    expect(tree.children('acme-store')).toEqual(['thesis.tex']);
  });
});
