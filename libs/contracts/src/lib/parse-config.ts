import { z } from 'zod';
import { ConfigError } from './errors.js';

/**
 * Parses untrusted input with a strict schema and freezes the outcome.
 * @param source where the input comes from (a file name), named in the error
 * @throws ConfigError `config.invalid` that lists every problem at once
 */
export function parseConfig<T>(schema: z.ZodType<T>, input: unknown, source: string): Readonly<T> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    throw new ConfigError('config.invalid', `Invalid configuration in ${source}\n${z.prettifyError(parsed.error)}`, {
      context: { source, problems: parsed.error.issues.length },
    });
  }
  return deepFreeze(parsed.data);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    for (const part of Object.values(value)) deepFreeze(part);
    Object.freeze(value);
  }
  return value;
}
