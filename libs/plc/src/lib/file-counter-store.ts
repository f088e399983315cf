import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError, parseConfig } from '@edge-blueprints/contracts';
import { stationCountersSchema } from './station-counters.js';
import type { CounterStore } from './station-counters.js';

/**
 * The station's totals in one small JSON file, replaced as a whole.
 * @throws ConfigError `plc.counters-unreadable` when the file is there but is not such a file
 */
export function createFileCounterStore(path: string): CounterStore {
  return {
    load: () => {
      let text: string;
      try {
        text = readFileSync(path, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        throw unreadable(path, error);
      }
      try {
        return parseConfig(stationCountersSchema, JSON.parse(text), path);
      } catch (error) {
        throw unreadable(path, error);
      }
    },
    save: (counters) => {
      mkdirSync(dirname(path), { recursive: true });
      const next = `${path}.next`;
      writeFileSync(next, `${JSON.stringify(counters)}\n`);
      renameSync(next, path);
    },
  };
}

function unreadable(path: string, cause: unknown): ConfigError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new ConfigError(
    'plc.counters-unreadable',
    `Cannot read the totals in ${path}: ${detail}; repair or remove the file`,
    {
      cause,
    },
  );
}
