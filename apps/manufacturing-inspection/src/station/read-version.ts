import { readFileSync } from 'node:fs';
import { parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';

/** Version of the app, as its package.json says. */
export function readVersion(packageFile: string): string {
  return parseConfig(z.object({ version: z.string() }), JSON.parse(readFileSync(packageFile, 'utf8')), packageFile)
    .version;
}
