import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DeviceError } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { testPassword } from './hub-fixture.js';
import type { TestFolder } from './hub-fixture.js';

const readySchema = z.object({
  event: z.literal('ready'),
  ports: z.object({ page: z.number(), mqtt: z.number() }),
});

/** The hub as a process of its own, to be killed. */
export async function startHubProcess({ file }: TestFolder, mqttPort: number) {
  const config = file('hub.json');
  writeFileSync(
    config,
    JSON.stringify({
      store: { kind: 'pglite', folder: './store' },
      broker: { kind: 'embedded', port: mqttPort },
      identity: { revocationsFile: './revocations.jsonl' },
      dashboard: { port: 0 },
    }),
  );
  const main = join(import.meta.dirname, '../../main.ts');
  const child = spawn(
    process.execPath,
    ['--conditions=@edge-blueprints/source', '--import', 'tsx', main, '--config', config, '--supervised'],
    { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, EDGE_HUB_ADMIN_PASSWORD: testPassword } },
  );
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4_000);
  });
  const ports = await new Promise<{ readonly page: number; readonly mqtt: number }>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const ready = readySchema.safeParse(JSON.parse(line));
      if (ready.success) resolve(ready.data.ports);
    });
    child.once('exit', () => reject(new DeviceError('test.hub', `the hub ended: ${said}`)));
  });
  return {
    ports,
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
    stop: async () => {
      child.stdin.write('{"command":"stop"}\n');
      return gone;
    },
  };
}
