import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { createRandom } from '@edge-blueprints/contracts';
import { afterAll, expect, it } from 'vitest';
import { connectFhir } from '../client/fhir-connection.js';
import { createMemoryFhirQueue } from '../client/fhir-queue.js';
import { createFhirWriter } from '../client/fhir-writer.js';
import { vitalObservation } from '../resources/vital-observation.js';
import { stay } from '../../testing/ward-samples.js';

/** Eight hours of a ward of 200 at five-minute summaries: 200 x 4 x 96. */
const count = Number(process.env['EDGE_FHIR_RESOURCES'] ?? 15_000);
const kills = 3;
const folder = mkdtempSync(join(tmpdir(), 'fhir-outage-'));
let running: ChildProcess | undefined;
afterAll(() => {
  running?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** The server in its own process, on the same file and port as before. @returns its address */
async function startProcess(port: string): Promise<string> {
  const main = join(import.meta.dirname, '..', '..', 'fhir-server-main.ts');
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      '--conditions=@edge-blueprints/source',
      main,
      '--port',
      port,
      '--file',
      join(folder, 'fhir.jsonl'),
      '--supervised',
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  running = child;
  for await (const line of createInterface({ input: child.stdout })) {
    const event: { baseUrl?: string } = JSON.parse(line);
    if (event.baseUrl !== undefined) return event.baseUrl;
  }
  throw new Error('the server ended before it was ready');
}

it(`drains ${count} resources through ${kills} kills of the server: none lost, none twice (T11)`, async () => {
  const baseUrl = await startProcess('0');
  const queue = createMemoryFhirQueue({ entries: count, quarantined: 10 });
  for (let at = 0; at < count; at++)
    queue.add(
      vitalObservation({
        stay,
        device: `w-${at % 200}`,
        boot: 'b',
        fromSeq: at,
        toSeq: at + 299,
        startMs: 1_760_000_000_000,
        endMs: 1_760_000_300_000,
        statuses: [],
        signal: 'spo2',
        expected: 300,
        usable: 299,
        values: { min: 90, mean: 95, max: 99, last: 96 },
      }),
    );
  const stop = new AbortController();
  const writer = createFhirWriter(
    {
      queue,
      connection: await connectFhir({ baseUrl, timeoutMs: 30_000 }),
      random: createRandom(5),
      sleep: async (ms) => {
        if (queue.depth() === 0) stop.abort();
        await wait(ms);
      },
    },
    { bundleEntries: 50, firstRetryMs: 50, maxRetryMs: 1_000, idleMs: 50 },
  );
  const began = performance.now();
  const done = writer.run(stop.signal);
  for (let kill = 1; kill <= kills; kill++) {
    while (queue.depth() > count * (1 - kill / (kills + 1))) await wait(5);
    running?.kill('SIGKILL');
    await startProcess(new URL(baseUrl).port);
  }
  await done;
  const seconds = (performance.now() - began) / 1000;
  const answer: unknown = await (await fetch(`${baseUrl}/Observation?_count=1`)).json();
  process.stdout.write(
    `${JSON.stringify({ resources: count, kills, seconds: Math.round(seconds), perSecond: Math.round(count / seconds), retries: writer.status().retries })}\n`,
  );
  expect(answer).toMatchObject({ total: count });
  expect(writer.status()).toMatchObject({ depth: 0, written: count, quarantined: 0 });
}, 1_800_000);
