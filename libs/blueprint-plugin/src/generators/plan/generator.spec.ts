import { createTree } from '@nx/devkit/testing';
import { describe, expect, it } from 'vitest';
import { repositorySource } from '../../testing/repository-source.js';
import { planGenerator } from './generator.js';

const { root, catalog } = repositorySource();

describe('the generator plan', () => {
  it('writes the example with every figure over whatever stands there', async () => {
    const tree = createTree();
    tree.write('plan/plan.html', 'scribbled over');
    await planGenerator(tree, { example: true, out: 'plan' }, root, catalog);
    expect(tree.children('plan').sort()).toEqual(['plan-input.json', 'plan-result.json', 'plan.html']);
    expect(JSON.parse(tree.read('plan/plan-result.json', 'utf8') ?? '')).toMatchObject({
      chosen: expect.any(String),
    });
    expect(tree.read('plan/plan.html', 'utf8')).toMatch(/^<!doctype html>/i);
  });

  it('refuses no input, two inputs and a missing file, and writes nothing', async () => {
    const tree = createTree();
    await expect(planGenerator(tree, { out: 'plan' }, root, catalog)).rejects.toThrow(/either --input FILE or --exam/);
    const both = { example: true, input: 'x.json', out: 'plan' };
    await expect(planGenerator(tree, both, root, catalog)).rejects.toThrow(/either/);
    await expect(planGenerator(tree, { input: 'x.json', out: 'plan' }, root, catalog)).rejects.toThrow(/no file/);
    expect(tree.exists('plan')).toBe(false);
  });
});
