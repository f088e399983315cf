import { ConfigError, errorMessage, parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { StarterTarget } from './apply-starter.js';
import { starterOptionsSchema, type StarterOptions } from './options.js';

/** In the folder of every starter. */
export const starterManifestFile = '.starter.json';

const choicesSchema = starterOptionsSchema.omit({ name: true, blueprint: true, directory: true });
const stationsSchema = z.record(
  z.string(),
  /** number: 2 for the first station that was added; its ports follow from it. */
  z.strictObject({ number: z.int().min(2), target: z.array(z.string()).min(1) }),
);
export type StarterStations = z.infer<typeof stationsSchema>;

const starterManifestSchema = z.strictObject({
  format: z.literal('edge-starter-files/1'),
  name: z.string(),
  blueprint: z.string(),
  /** What the starter was made with; starters of older versions do not say. */
  options: choicesSchema.optional(),
  stations: stationsSchema.optional(),
  /** What was generated, by path, as SHA-256. */
  files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
});
export type StarterManifest = z.infer<typeof starterManifestSchema>;

/** Options as the manifest remembers them. */
export function rememberedOptions(options: StarterOptions): NonNullable<StarterManifest['options']> {
  const { name: _name, blueprint: _blueprint, directory: _directory, ...rest } = options;
  return rest;
}

/** @returns undefined for a folder without one @throws ConfigError `config.invalid`, `starter.manifest` */
export function readStarterManifest(target: StarterTarget, folder: string): StarterManifest | undefined {
  const found = target.read(starterManifestFile);
  if (found === undefined) return undefined;
  const file = `${folder}/${starterManifestFile}`;
  let json: unknown;
  try {
    json = JSON.parse(found.toString('utf8'));
  } catch (error) {
    const why = errorMessage(error);
    throw new ConfigError('starter.manifest', `${file} is not JSON (${why}); put it back as it was generated`, {
      cause: error,
    });
  }
  return parseConfig(starterManifestSchema, json, file);
}
