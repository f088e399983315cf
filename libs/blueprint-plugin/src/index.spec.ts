import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blueprintOptionsSchema } from './generators/blueprint/generator.js';
import { planOptionsSchema } from './generators/plan/generator.js';
import { targetOptionsSchema } from './generators/target/generator.js';
import { modelBundleOptionsSchema } from './lib/bundles/check-model.js';
import { starterOptionsSchema } from './lib/options.js';
import { stationOptionsSchema } from './lib/stations/check-station.js';
import { repositorySource } from './testing/repository-source.js';

const folder = join(import.meta.dirname, '..');
const json = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8'));
const options = {
  preset: starterOptionsSchema.omit({ directory: true }),
  'client-starter': starterOptionsSchema,
  plan: planOptionsSchema,
  station: stationOptionsSchema,
  target: targetOptionsSchema,
  blueprint: blueprintOptionsSchema,
  'model-bundle': modelBundleOptionsSchema,
};

describe('the generators', () => {
  it('are all listed, each with its code and the options that it takes', () => {
    const { generators } = json('generators.json');
    expect(Object.keys(generators).sort()).toEqual(Object.keys(options).sort());
    for (const [name, schema] of Object.entries(options)) {
      expect(Object.keys(json(generators[name].schema).properties).sort(), name).toEqual(
        Object.keys(schema.shape).sort(),
      );
      expect(existsSync(join(folder, generators[name].factory.replace('dist', 'src') + '.ts')), name).toBe(true);
    }
  });

  it('prompt for every blueprint and target that there is', () => {
    const { blueprints, targets } = repositorySource().catalog;
    for (const file of ['schema/client-starter.json', 'schema/preset.json']) {
      const { blueprint, target } = json(file).properties;
      expect(blueprint['x-prompt'].items).toEqual(blueprints.map(({ id }) => id));
      expect([...target['x-prompt'].items].sort()).toEqual(targets.map(({ id }) => id));
    }
  });
});
