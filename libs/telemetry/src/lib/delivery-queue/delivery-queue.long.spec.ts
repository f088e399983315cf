import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openDeliveryQueue } from './open-delivery-queue.js';

const folder = mkdtempSync(join(tmpdir(), 'delivery-kill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const limits = { maxBytes: 1_000_000, maxAgeMs: 1_000_000, maxAsideBytes: 4_096 };

it('keeps what it confirmed when the process is killed', async () => {
  const target = join(folder, 'queue.sqlite');
  const script = `
    const { openDeliveryQueue } = await import(${JSON.stringify(new URL('./open-delivery-queue.ts', import.meta.url).href)});
    const queue = openDeliveryQueue({ ...${JSON.stringify(limits)}, file: ${JSON.stringify(target)} });
    for (let n = 0; ; n++) {
      await queue.append([{ rank: 'record', atMs: n, body: 'b' + n }]);
      process.stdout.write(n + '\\n');
    }`;
  const child = spawn(
    process.execPath,
    ['--conditions=@edge-blueprints/source', '--import', 'tsx', '--input-type=module', '-e', script],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const said = await new Promise<string>((resolve) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.length > 300) child.kill('SIGKILL');
    });
    child.on('close', () => resolve(text));
  });
  const confirmed = said.split('\n').slice(0, -1);
  expect(confirmed.length).toBeGreaterThan(50);
  const queue = openDeliveryQueue({ ...limits, file: target });
  const found = (await queue.oldest(10_000)).map(({ body }) => body);
  expect(found).toEqual(Array.from({ length: found.length }, (_, n) => `b${n}`));
  expect(found.length).toBeGreaterThanOrEqual(confirmed.length);
  expect(queue.depth()).toBe(found.length);
  await queue.close();
}, 240_000);
