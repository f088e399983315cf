import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError, parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { ClassThreshold } from './threshold-book.js';

const savedSchema = z.strictObject({
  format: z.literal('edge-thresholds/1'),
  /** The bundle they were set for: a threshold means nothing to another model. */
  bundle: z.string(),
  thresholds: z.array(
    z.strictObject({ label: z.string(), threshold: z.number().min(0).max(1), provenance: z.string() }),
  ),
});

/** What operators changed, on disk, so that a restart keeps it. Changes for another bundle are left alone and not used. */
export interface OperatorThresholds {
  /** @throws ConfigError `thresholds.unreadable`, `config.invalid`: a threshold must not be lost silently */
  read(): readonly ClassThreshold[];
  write(thresholds: readonly ClassThreshold[]): void;
}

/** @param bundle name and version of the bundle, `pcb-defects 0.1.0` */
export function createOperatorThresholds(file: string, bundle: string): OperatorThresholds {
  return {
    read: () => {
      const text = readIfThere(file);
      if (text === undefined) return [];
      const saved = parseConfig(savedSchema, parseJson(text, file), file);
      return saved.bundle === bundle ? saved.thresholds : [];
    },
    write: (thresholds) => {
      mkdirSync(dirname(file), { recursive: true });
      const next = `${file}.next`;
      writeFileSync(next, `${JSON.stringify({ format: 'edge-thresholds/1', bundle, thresholds }, null, 2)}\n`, {
        flush: true,
      });
      renameSync(next, file);
    },
  };
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(
      'thresholds.unreadable',
      `The operator's thresholds in ${file} are not JSON; restore the file, or delete it to use the bundle's`,
      { cause },
    );
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
