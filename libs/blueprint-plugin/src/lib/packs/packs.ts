import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';

const packSchema = z.strictObject({
  name: z.string(),
  version: z.string(),
  license: z.string(),
  file: z.string().endsWith('.tgz'),
  dependencies: z.record(z.string(), z.string()),
});
export const packListSchema = z.strictObject({ format: z.literal('edge-packs/1'), packs: z.array(packSchema) });

/** One of our packages as an npm tarball that a starter brings along. */
export interface Pack extends z.infer<typeof packSchema> {
  readonly bytes: Buffer;
  /** As a lock file wants it. */
  readonly integrity: string;
}

/** Tarballs are made once for all starters. */
export const packFolder = (root: string): string => join(root, 'libs/blueprint-plugin/dist/packs');

export const sha512 = (bytes: Buffer): string => `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

/** @throws ConfigError `starter.no-packs` where they were not made yet */
export function readPacks(folder: string): readonly Pack[] {
  const list = join(folder, 'packs.json');
  if (!existsSync(list))
    throw new ConfigError('starter.no-packs', `${list} is missing: make the packages with npm run starter-packs`);
  const { packs } = parseConfig(packListSchema, JSON.parse(readFileSync(list, 'utf8')), list);
  return packs.map((pack) => {
    const bytes = readFileSync(join(folder, pack.file));
    return { ...pack, bytes, integrity: sha512(bytes) };
  });
}

/** The packages that `names` need, themselves among them, in order of names. @throws ConfigError `starter.no-packs` */
export function packClosure(packs: readonly Pack[], names: readonly string[]): readonly Pack[] {
  const found = new Map<string, Pack>();
  const queue = [...names];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (found.has(name)) continue;
    const pack = packs.find((each) => each.name === name);
    if (pack === undefined)
      throw new ConfigError('starter.no-packs', `There is no tarball of ${name}: make it with npm run starter-packs`);
    found.set(name, pack);
    queue.push(...Object.keys(pack.dependencies).filter((each) => packs.some((other) => other.name === each)));
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}
