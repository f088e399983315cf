import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return ['node_modules', 'dist', 'out-tsc', 'testing'].includes(entry.name) ? [] : sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.spec\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

describe('docs/errors.md', () => {
  const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');

  it('lists every code that the source throws', () => {
    const thrown = /new (?:EdgeError|ConfigError|UsageError|DeviceError)\(\s*'([a-z0-9.-]+)'/g;
    const missing = [...sources(join(root, 'libs')), ...sources(join(root, 'apps'))].flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(thrown)]
        .map((m) => m[1])
        .filter((code) => !page.includes(`| \`${code}\` |`)),
    );
    expect(missing).toEqual([]);
  });

  it('is written from docs/errors.d', () => {
    execFileSync(process.execPath, [join(root, 'tools/errors-page.mjs'), '--check']);
  });
});
