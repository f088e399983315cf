import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError, errorMessage, parseConfig } from '@edge-blueprints/contracts';
import type { z } from 'zod';

/**
 * @returns undefined when the file is not there
 * @throws ConfigError `config.unreadable`, `config.invalid` with every problem
 */
export function readJsonFile<T>(file: string, schema: z.ZodType<T>): Readonly<T> | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw unreadable(file, error);
  }
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    throw unreadable(file, error);
  }
  return parseConfig(schema, input, file);
}

/** Whole or not at all: a reader sees the old file or the new one. */
export function writeJsonFile(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  const next = `${file}.next`;
  writeFileSync(next, `${JSON.stringify(value, null, 2)}\n`, { flush: true });
  renameSync(next, file);
}

const unreadable = (file: string, cause: unknown): ConfigError =>
  new ConfigError('config.unreadable', `${file} cannot be read: ${errorMessage(cause)}`, { cause });
