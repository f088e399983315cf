import { createTree } from '@nx/devkit/testing';
import { describe, expect, it } from 'vitest';
import { repositorySource } from '../../testing/repository-source.js';
import { clientStarterGenerator } from '../client-starter/generator.js';
import { presetGenerator } from './generator.js';

const source = repositorySource();
const options = { name: 'acme-ward', blueprint: 'ward-monitoring', target: ['cpu'] };

describe('the generator preset', () => {
  it('makes the empty workspace of Nx the same starter that client-starter writes, and keeps it so', async () => {
    const tree = createTree();
    for (const path of ['package.json', 'nx.json', 'README.md', '.gitignore']) tree.write(path, '{"by": "nx"}');
    tree.write('.vscode/extensions.json', '{}');
    // What create-nx-workspace hands on besides.
    const given = { ...options, packageManager: 'npm', useGitHub: false };
    await presetGenerator(tree, given, source);
    const beside = createTree();
    await clientStarterGenerator(beside, options, source);
    for (const { path, content } of beside.listChanges())
      if (path.startsWith('acme-ward/'))
        expect(tree.read(path.slice('acme-ward/'.length))?.equals(content ?? Buffer.alloc(0)), path).toBe(true);
    expect(tree.exists('.vscode/extensions.json')).toBe(true);
    tree.write('README.md', 'ours');
    await presetGenerator(tree, given, source);
    expect(tree.read('README.md', 'utf8')).toBe('ours');
  });

  it('refuses a workspace with projects, and wrong options, and writes nothing', async () => {
    const tree = createTree();
    await expect(presetGenerator(tree, { ...options, target: ['cup'] }, source)).rejects.toThrow(/did you mean "cpu"/);
    tree.write('apps/shop/package.json', '{}');
    await expect(presetGenerator(tree, options, source)).rejects.toThrow(/has projects already \(apps\)/);
    expect(tree.exists('.starter.json')).toBe(false);
  });
});
