import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

const readySchema = z.object({ event: z.literal('ready'), part: z.string(), ports: z.record(z.string(), z.number()) });
const children: ChildProcess[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

function run(main: string, ...args: string[]) {
  const entry = join(import.meta.dirname, main);
  const child = spawn(process.execPath, ['--conditions=@edge-blueprints/source', '--import', 'tsx', entry, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  children.push(child);
  const events: unknown[] = [];
  let output = '';
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const exited = once(child, 'exit').then(([code]: unknown[]) => code);
  const ready = new Promise<z.infer<typeof readySchema>>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      output += `${line}\n`;
      if (!line.startsWith('{')) return;
      const event: unknown = JSON.parse(line);
      events.push(event);
      const parsed = readySchema.safeParse(event);
      if (parsed.success) resolve(parsed.data);
    });
    child.once('exit', () => reject(new Error(`ended before it was ready: ${errors}`)));
  });
  ready.catch(() => undefined);
  return { child, events, ready, exited, output: () => output, errors: () => errors };
}

// A process loads its TypeScript first.
describe('the processes of the rig', { timeout: 60_000 }, () => {
  it('runs a line for a PLC and a camera client, writes its templates and ends by itself after its parts', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'line-'));
    folders.push(folder);
    const line = run(
      'line-main.ts',
      '--designs',
      '1',
      '--count',
      '3',
      '--rate',
      '20',
      '--belt-mm-per-s',
      '3000',
      '--templates',
      folder,
    );
    const { ports } = await line.ready;
    expect((await readdir(folder)).every((name) => /^PCB-\d{6}\.png$/.test(name))).toBe(true);
    const clients = [ports['wiring'] ?? 0, ports['frames'] ?? 0].map((port) =>
      connect(port, '127.0.0.1')
        .on('error', () => undefined)
        .resume(),
    );
    expect(await line.exited).toBe(0);
    for (const client of clients) client.destroy();
    const parts = line.events.filter(
      (event) => z.object({ event: z.literal('part'), bin: z.literal('reject') }).safeParse(event).success,
    );
    expect(parts).toHaveLength(3);
    expect(line.events.at(-1)).toMatchObject({ event: 'totals', parts: 3, framesSent: 3 });
  });

  it('obeys commands, names bad ones, and stops when its parent is gone', async () => {
    const mes = run('mes-main.ts', '--supervised');
    const { ports } = await mes.ready;
    mes.child.stdin?.write('{"command":"fault","name":"error-500","on":true}\n{"command":"dance"}\nnonsense\n');
    const url = `http://127.0.0.1:${ports['http']}/cfx`;
    let status = 0;
    while (status !== 500) status = (await fetch(url, { method: 'POST', body: '{}' })).status;
    expect(
      mes.events.filter((event) => z.object({ event: z.literal('bad-command') }).safeParse(event).success),
    ).toHaveLength(2);
    mes.child.stdin?.end();
    expect(await mes.exited).toBe(0);
  });

  it('stops with exit code 0 on SIGTERM and refuses a port that is taken', async () => {
    const first = run('mes-main.ts');
    const { ports } = await first.ready;
    const second = run('mes-main.ts', '--port', String(ports['http']));
    expect(await second.exited).toBe(1);
    expect(second.errors()).toContain('rig.port-in-use');
    first.child.kill('SIGTERM');
    expect(await first.exited).toBe(0);
  });

  it('explains itself and names every wrong option', async () => {
    const [help, wrong] = [
      run('line-main.ts', '--help'),
      run('line-main.ts', '--rate', 'fast', '--defect-weights', '1,2'),
    ];
    expect(await help.exited).toBe(0);
    expect(help.output()).toContain('--camera-to-gate-mm');
    expect(await wrong.exited).toBe(1);
    expect(wrong.errors()).toContain('rate');
    expect(wrong.errors()).toContain('defect-weights');
  });
});
