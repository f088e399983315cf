import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadBundle } from './load-bundle.js';
import { readTrustedKeys } from './bundle-signature.js';
import { bundleJsonSchema } from './manifest.js';

const repository = new URL('../../../../../', import.meta.url);
const at = (path: string) => new URL(path, repository).pathname;

describe('the bundles of this repository', () => {
  it('are described by the committed JSON Schema (bundle-cli schema --out docs/reference/bundle.schema.json)', async () => {
    expect(await readFile(at('docs/reference/bundle.schema.json'), 'utf8')).toBe(bundleJsonSchema());
  });

  it('load with the committed public keys', async () => {
    const trustedKeys = await readTrustedKeys(at('models/bundles/trusted-keys.json'));
    const bundle = await loadBundle(at('models/bundles/pcb-defects'), { trustedKeys, expectTask: 'object-detection' });
    expect(bundle.manifest.variants.map((variant) => variant.id)).toEqual(['int8-640', 'fp32-640']);
    expect(bundle.manifest.labels).toEqual(['open', 'short', 'mousebite', 'spur', 'copper', 'pin-hole']);
    expect(bundle.manifest.thresholds).toHaveLength(6);
  });
});

it('describes every field', () => {
  const undescribed: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, field] of Object.entries(value)) {
      const isFieldSet = key === 'properties';
      if (isFieldSet) {
        for (const [name, property] of Object.entries(field as object)) {
          const described =
            typeof property === 'object' && property !== null && ('description' in property || 'const' in property);
          if (!described && !path.includes('postprocess')) undescribed.push(`${path}.${name}`);
        }
      }
      walk(field, `${path}.${key}`);
    }
  };
  walk(JSON.parse(bundleJsonSchema()), '');
  expect(undescribed).toEqual([]);
});
