import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError, DeviceError, errorMessage } from '@edge-blueprints/contracts';
import { z } from 'zod';

/** The file is there whole or not at all. @throws DeviceError `ward.state-write` */
export function writeStateFile(file: string, value: unknown): void {
  const temporary = `${file}.${process.pid}.part`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const handle = openSync(temporary, 'w', 0o600);
    try {
      writeSync(handle, `${JSON.stringify(value)}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new DeviceError('ward.state-write', `${file} cannot be written: ${errorMessage(cause)}`, {
      cause,
      retry: 'safe',
    });
  }
}

/** @returns undefined where there is none yet @throws ConfigError `ward.state-invalid` */
export function readStateFile<T>(file: string, schema: z.ZodType<T>): T | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : errorMessage(error);
    throw new ConfigError('ward.state-invalid', `${file} is not what this gateway writes; move it away: ${why}`, {
      cause: error,
    });
  }
}
