import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('docs/metrics.md is written from the catalogue', () => {
  const tool = (name: string) => join(import.meta.dirname, name);
  expect(() => execFileSync(process.execPath, [tool('run.mjs'), tool('metrics-page.ts'), '--check'])).not.toThrow();
});
