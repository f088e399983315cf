import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeviceError } from '@edge-blueprints/contracts';

const program = '/usr/sbin/mosquitto';
/** Tests that need the real broker are skipped without it, but not in CI. */
export const mosquittoMissing = !existsSync(program) && process.env['CI'] !== 'true';

export interface Mosquitto {
  readonly port: number;
  /** SIGKILL: what it had not saved is gone. */
  kill(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** A Mosquitto of its own on a free port, without persistence unless `lines` say otherwise. */
export async function startMosquitto(lines: readonly string[] = []): Promise<Mosquitto> {
  const folder = await mkdtemp(join(tmpdir(), 'mosquitto-'));
  const port = await freePort();
  const file = join(folder, 'mosquitto.conf');
  await writeFile(file, [`listener ${port} 127.0.0.1`, 'allow_anonymous true', ...lines, ''].join('\n'));
  let child: ChildProcess | undefined;
  const broker: Mosquitto = {
    port,
    start: () =>
      new Promise((resolve, reject) => {
        const started = spawn(program, ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
        child = started;
        let output = '';
        started.stderr.on('data', (chunk: Buffer) => {
          output += chunk.toString();
          if (output.includes('running')) resolve();
        });
        started.once('error', reject);
        started.once('exit', () => reject(new DeviceError('mqtt.test-broker', `mosquitto ended: ${output}`)));
      }),
    kill: () =>
      new Promise((resolve) => {
        if (!child || child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
    async close() {
      await broker.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await broker.start();
  return broker;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
