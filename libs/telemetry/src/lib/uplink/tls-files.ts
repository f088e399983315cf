import { readFile } from 'node:fs/promises';
import { ConfigError, errorMessage } from '@edge-blueprints/contracts';
import type { MqttLinkOptions } from './mqtt-port.js';

export interface TlsMaterial {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Links that come back together read one after the other: thousands of them would open more files than a process may. */
let turn: Promise<unknown> = Promise.resolve();

/** Read at every connection, so that renewed certificates are used. @throws ConfigError `mqtt.tls-file`, naming every file */
export function readTlsFiles(tls: NonNullable<MqttLinkOptions['tls']>): Promise<TlsMaterial> {
  const reading = turn.then(() => readNow(tls));
  turn = reading.catch(() => undefined);
  return reading;
}

async function readNow(tls: NonNullable<MqttLinkOptions['tls']>): Promise<TlsMaterial> {
  const problems: string[] = [];
  const read = async (field: string, file: string): Promise<Buffer> =>
    readFile(file).catch((error: unknown) => {
      problems.push(`${field}: ${errorMessage(error)}`);
      return Buffer.alloc(0);
    });
  // One after the other: the problems are told in the same order each time.
  const ca = await read('caFile', tls.caFile);
  const cert = await read('certFile', tls.certFile);
  const key = await read('keyFile', tls.keyFile);
  if (problems.length > 0)
    throw new ConfigError('mqtt.tls-file', `Certificates cannot be read: ${problems.join('; ')}`, { retry: 'safe' });
  return { ca, cert, key };
}
