import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { DeviceError } from '@edge-blueprints/contracts';
import type { TestFolder } from './hub-fixture.js';

const program = '/usr/sbin/mosquitto';
export const mosquittoMissing = !existsSync(program) && process.env['CI'] === undefined;

/** A Mosquitto of its own on a free port of loopback. */
export async function startMosquitto({ file }: TestFolder): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const settings = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'max_queued_messages 0', ''];
  writeFileSync(file('mosquitto.conf'), settings.join('\n'), { mode: 0o644 });
  const server = spawn(program, ['-c', file('mosquitto.conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
  const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let said = '';
    server.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('running')) resolve();
    });
    server.once('error', reject);
    server.once('exit', () => reject(new DeviceError('test.mosquitto', `mosquitto ended: ${said}`)));
  });
  return {
    url: `mqtt://127.0.0.1:${port}`,
    stop: async () => {
      server.kill('SIGTERM');
      await gone;
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
