import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError } from '@edge-blueprints/contracts';
import { z } from 'zod';

/** Whatever else stands there, such as the condition that leads to our sources, is left out. */
const exportSchema = z.union([z.string(), z.object({ types: z.string().optional(), default: z.string() })]);
const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  license: z.string(),
  type: z.literal('module'),
  exports: z.record(z.string(), exportSchema),
  sideEffects: z.union([z.boolean(), z.array(z.string())]).optional(),
  dependencies: z.record(z.string(), z.string()).default({}),
});
export type PackageManifest = z.infer<typeof manifestSchema>;

export const readManifest = (folder: string): PackageManifest =>
  manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));

/**
 * Copies what a client needs of a package: what was compiled from sources that are still there, without maps and specs, the
 * README, the licence, and the built page of an app as `page/`. Its package.json loses the conditions that lead to our sources.
 * @throws ConfigError `starter.not-built`
 */
export function stagePackage(folder: string, root: string, stage: string): PackageManifest {
  const manifest = readManifest(folder);
  const files = compiled(folder);
  if (!files.includes('index.js'))
    throw new ConfigError('starter.not-built', `${manifest.name} is not built: run npm run build first`);
  for (const file of files) copy(join(folder, 'dist', file), join(stage, 'dist', file));
  for (const [from, to] of [
    [join(folder, 'README.md'), 'README.md'],
    [join(root, 'LICENSE'), 'LICENSE'],
  ] as const)
    if (existsSync(from)) copy(from, join(stage, to));
  const page = join(folder, 'web');
  if (existsSync(page)) {
    if (!existsSync(join(page, 'dist/index.html')))
      throw new ConfigError(
        'starter.not-built',
        `The page of ${manifest.name} is not built: run npm run starter-packs`,
      );
    cpSync(join(page, 'dist'), join(stage, 'page'), { recursive: true });
  }
  const kept = ['dist', ...(existsSync(page) ? ['page'] : [])];
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify({ ...manifest, files: kept }, null, 2)}\n`);
  return manifest;
}

const sourceEndings = ['.ts', '.tsx'];

/** A file of dist/ whose source is gone would make two checkouts of one commit pack different bytes. */
function compiled(folder: string): readonly string[] {
  const dist = join(folder, 'dist');
  if (!existsSync(dist)) return [];
  return (
    readdirSync(dist, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(dist.length + 1))
      // What is under testing/ stays: some of it is exported, such as the reference of a hub.
      .filter((file) => /(\.js|\.d\.ts)$/.test(file) && !file.includes('.spec.'))
      .filter((file) => {
        const source = join(folder, 'src', file.replace(/(\.d\.ts|\.js)$/, ''));
        return sourceEndings.some((ending) => existsSync(source + ending));
      })
      .sort()
  );
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  // Maps are left out, so nothing may ask for them.
  if (/\.(js|d\.ts)$/.test(from))
    writeFileSync(to, readFileSync(from, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
  else cpSync(from, to);
}
