import { readFileSync } from 'node:fs';
import { ConfigError } from '@edge-blueprints/contracts';

/** Version of an app, as its package.json says. @throws ConfigError `config.invalid` */
export function readVersion(packageFile: string): string {
  const parsed: unknown = JSON.parse(readFileSync(packageFile, 'utf8'));
  if (typeof parsed === 'object' && parsed !== null && 'version' in parsed && typeof parsed.version === 'string')
    return parsed.version;
  throw new ConfigError('config.invalid', `${packageFile} has no version; install the app again`);
}
