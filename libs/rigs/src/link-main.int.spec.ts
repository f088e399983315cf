import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it, vi } from 'vitest';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function run(main: string, ...args: string[]) {
  const entry = join(import.meta.dirname, main);
  const child = spawn(process.execPath, ['--conditions=@edge-blueprints/source', '--import', 'tsx', entry, ...args]);
  children.push(child);
  const events: unknown[] = [];
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  createInterface({ input: child.stdout }).on('line', (line) => events.push(JSON.parse(line)));
  const exited = once(child, 'exit').then(([code]: unknown[]) => code);
  return { child, events, exited, errors: () => errors };
}

describe('the processes of link and fleet', { timeout: 60_000 }, () => {
  it('the link tells its port, obeys, names bad commands, and ends with its totals', async () => {
    const { child, events, exited } = run('link-main.ts', '--to', '127.0.0.1:9', '--supervised');
    child.stdin.write('{"command":"link","state":"cut"}\n{"command":"link","state":"slow"}\n{"command":"report"}\n');
    await vi.waitFor(() => expect(events.length).toBeGreaterThan(3), { timeout: 30_000 });
    child.stdin.end();
    expect(await exited).toBe(0);
    expect(events).toEqual([
      expect.objectContaining({ event: 'ready', part: 'link', ports: { link: expect.any(Number) } }),
      expect.objectContaining({ event: 'bad-command', reason: expect.stringContaining('bytesPerSecond') }),
      expect.objectContaining({ event: 'report', connections: 0 }),
      { event: 'link', state: 'cut' },
      expect.objectContaining({ event: 'totals' }),
    ]);
  });

  it('the fleet works without a broker and counts what waits', async () => {
    const { child, events, exited } = run(
      ...['fleet-main.ts', '--url', 'mqtt://127.0.0.1:9', '--devices', '3', '--report-ms', '200', '--supervised'],
    );
    await vi.waitFor(
      () => expect(events).toContainEqual(expect.objectContaining({ event: 'progress', devices: 3, connected: 0 })),
      { timeout: 30_000 },
    );
    child.stdin.end();
    expect(await exited).toBe(0);
    expect(events.at(-1)).toMatchObject({ event: 'totals', acknowledged: 0, pending: expect.any(Number) });
  });

  it('all wrong options are named at once', async () => {
    const { exited, errors } = run('fleet-main.ts', '--devices', 'many', '--rate=-1');
    expect(await exited).toBe(1);
    for (const option of ['url', 'devices', 'rate']) expect(errors()).toContain(option);
  });
});
