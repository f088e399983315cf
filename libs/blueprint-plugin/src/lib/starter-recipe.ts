import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, errorMessage, parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { integrationOptions } from './options.js';

const option = z.enum(integrationOptions);
const pointer = z.string().regex(/^(\/[^/]+)+$/, 'is no JSON pointer');
const patterns = z.enum(['on-device', 'fog', 'hybrid']);

/** `blueprints/ID/starter/starter.json`: what a starter of this blueprint is made of. */
const starterRecipeSchema = z.strictObject({
  format: z.literal('edge-starter/1'),
  /** Packages that stand for the world outside; they never reach the image. */
  rigs: z.array(z.string().min(1)),
  /** Configurations are `config/NAME.TARGET.json`. */
  config: z.string().regex(/^[a-z-]+$/),
  pagePort: z.int().min(1).max(65_535),
  health: z.string().startsWith('/'),
  /** Debian packages whose programs the app starts or asks; the image brings them along. */
  systemPackages: z.array(z.string().regex(/^[a-z0-9][a-z0-9+.-]+$/, 'is no name of a Debian package')),
  /** Taken options; `oneOf` closes the choice, `address` names the schemes that fit. */
  options: z.partialRecord(
    option,
    z.union([
      z.strictObject({ oneOf: z.array(z.string()).min(1) }),
      z.strictObject({ address: z.array(z.string().endsWith(':')).min(1) }),
    ]),
  ),
  /** Options that a pattern cannot go without. */
  needs: z.partialRecord(patterns, z.array(option)),
  /** Where nobody gave an option. */
  defaults: z.partialRecord(option, z.string()),
  /** Files of this repository that go into the starter as they are: from, to. */
  copies: z.record(z.string(), z.string()),
  /** What a second station on the same device cannot share with the first. */
  station: z.strictObject({
    /** Ports that the app listens on, by JSON pointer; `where` names a value that must stand there for it to listen. */
    ports: z.array(z.strictObject({ at: pointer, where: z.strictObject({ at: pointer, is: z.string() }).optional() })),
    /** Folders of a configuration that each station has of its own. */
    folders: z.array(z.string().regex(/^\.{1,2}\/[^/]/)),
  }),
});
export type StarterRecipe = z.infer<typeof starterRecipeSchema>;

/** @throws ConfigError `starter.no-recipe` where the blueprint has none, `config.invalid` with every problem of it */
export function readStarterRecipe(root: string, blueprint: string): StarterRecipe {
  const file = `blueprints/${blueprint}/starter/starter.json`;
  if (!existsSync(join(root, file)))
    throw new ConfigError('starter.no-recipe', `The blueprint "${blueprint}" has no ${file}; write one.`);
  let input: unknown;
  try {
    input = JSON.parse(readFileSync(join(root, file), 'utf8'));
  } catch (error) {
    throw new ConfigError('starter.no-recipe', `${file} is no JSON: ${errorMessage(error)}`, { cause: error });
  }
  return parseConfig(starterRecipeSchema, input, file);
}
