import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createJsonLogger, createRandom, systemClock } from '@edge-blueprints/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { connectFhir } from '../client/fhir-connection.js';
import { createMemoryFhirQueue } from '../client/fhir-queue.js';
import { createFhirWriter } from '../client/fhir-writer.js';
import type { FhirResource } from '../resources/fhir-elements.js';
import { transactionBundle } from '../resources/transaction.js';
import { vitalObservation } from '../resources/vital-observation.js';
import { patientResource } from '../resources/ward-place.js';
import { stay } from '../../testing/ward-samples.js';
import { type FhirServer, type FhirServerConfig, startFhirServer } from './fhir-server.js';

// The first start loads the definitions, which a busy machine may need long for.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
let server: FhirServer | undefined;
let logged = '';
const log = createJsonLogger({ write: (line) => (logged += line), now: () => 0 });
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fhir-server-'));
  logged = '';
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});
const file = (): string => join(folder, 'held', 'fhir.jsonl');
const start = async (config: FhirServerConfig = {}): Promise<FhirServer> => {
  await server?.close();
  server = await startFhirServer(config, { clock: systemClock, log });
  return server;
};

const answerSchema = z.looseObject({
  total: z.number().optional(),
  meta: z.looseObject({ versionId: z.string() }).optional(),
  issue: z.array(z.looseObject({ details: z.looseObject({ text: z.string() }) })).optional(),
  link: z.array(z.object({ relation: z.string(), url: z.string() })).optional(),
  entry: z
    .array(
      z.looseObject({
        resource: z.looseObject({ id: z.string(), meta: z.looseObject({ versionId: z.string() }) }).optional(),
      }),
    )
    .optional(),
});
async function ask(path: string, method = 'GET', body?: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(path.startsWith('http') ? path : `${server?.baseUrl ?? ''}${path}`, {
    method,
    headers: { 'content-type': 'application/fhir+json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, body: answerSchema.parse(await answer.json()) };
}
const minute = (at: number, device = 'w-1'): FhirResource =>
  vitalObservation({
    stay,
    device,
    boot: 'b',
    fromSeq: at,
    toSeq: at + 59,
    startMs: 1_760_000_000_000,
    endMs: 1_760_000_060_000,
    statuses: [],
    signal: 'hr',
    expected: 60,
    usable: 60,
    values: { min: 60, mean: 70, max: 80, last: 75 },
  });
const changed = (resource: FhirResource, issued: string): FhirResource => ({ ...resource, issued });
const one = minute(0);
const place = `/Observation/${one.id}`;

describe('writing', () => {
  it('keeps one version of what is put twice, and a history that does not turn round', async () => {
    await start();
    for (const each of [one, one, changed(one, '2026-01-01T00:00:00Z'), changed(one, '2026-01-01T00:00:00Z')])
      expect((await ask(place, 'PUT', each)).status).toBe(200);
    const versions = async () =>
      (await ask(`${place}/_history`)).body.entry?.map(({ resource }) => resource?.meta.versionId);
    expect(await versions()).toEqual(['2', '1']);
    expect(await versions()).toEqual(['2', '1']);
    expect((await ask(`${place}/_history/1`)).body).toMatchObject({ issued: one['issued'] });
    expect((await ask(place, 'PUT', one, { 'if-match': 'W/"1"' })).status).toBe(412);
    expect((await ask(place, 'DELETE')).status).toBe(200);
    expect((await ask(place)).status).toBe(410);
    expect((await ask(place, 'PUT', one)).body.meta?.versionId).toBe('4');
  });

  it('creates one resource for twenty who create it at once', async () => {
    await start();
    const identifier = [{ system: 'urn:x', value: 'alone' }];
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        ask('/Device', 'POST', { resourceType: 'Device', identifier }, { 'if-none-exist': 'identifier=urn:x|alone' }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 19 }, () => 200), 201]);
    expect((await ask('/Device?identifier=urn:x|alone')).body.total).toBe(1);
  });

  it('keeps nothing of a transaction of which one entry is wrong', async () => {
    await start({ file: file() });
    const wrong = { ...minute(60), status: 'bogus' };
    const answer = await ask('', 'POST', transactionBundle([one, wrong, minute(120)]));
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toContain('nothing was kept: entry 1 failed');
    expect(JSON.stringify(answer.body)).toContain('bogus');
    expect((await ask('/Observation')).body.total).toBe(0);
    expect((await ask('', 'POST', transactionBundle([one, minute(120)]))).status).toBe(200);
    expect((await ask('/Observation')).body.total).toBe(2);
    expect(readFileSync(file(), 'utf8').split('\n')).toHaveLength(2);
  });

  it.each([
    ['a code that is none', 422, 'PUT', place, { ...one, status: 'bogus' }],
    ['an element of nobody', 422, 'PUT', place, { ...one, saturation: 1 }],
    ['another id', 400, 'PUT', '/Observation/other', one],
    ['a type that is not held', 404, 'PUT', '/MedicationRequest/1', { resourceType: 'MedicationRequest', id: '1' }],
    ['a verb that is not spoken', 405, 'PATCH', place, [{ op: 'remove', path: '/issued' }]],
    ['no JSON', 400, 'PUT', place, '{"resourceType":'],
    ['a list', 400, 'POST', '/Observation', []],
    [
      'a bundle with one name twice',
      400,
      'POST',
      '',
      { ...transactionBundle([one]), entry: [...transactionBundle([one]).entry, ...transactionBundle([one]).entry] },
    ],
    ['a body over the bound', 413, 'PUT', place, { ...one, note: [{ text: 'x'.repeat(30_000) }] }],
  ])('refuses %s with %i and a reason', async (_, status, method, path, body) => {
    await start({ maxBodyBytes: 20_000 });
    const answer = await ask(path, method, body);
    expect(answer.status).toBe(status);
    expect(answer.body.issue?.[0]?.details.text).not.toBe('');
    expect(server?.stats().resources).toBe(0);
  });
});

it('finds by reference and code, in pages that lead on', async () => {
  await start();
  await ask(
    '',
    'POST',
    transactionBundle([patientResource(stay), ...Array.from({ length: 25 }, (_, at) => minute(at * 60))]),
  );
  const patient = patientResource(stay).id;
  const page = await ask(`/Observation?subject=Patient/${patient}&code=8867-4&_count=20`);
  expect(page.body).toMatchObject({ total: 25 });
  expect(page.body.entry).toHaveLength(20);
  const next = page.body.link?.find(({ relation }) => relation === 'next')?.url ?? '';
  const rest = await ask(next);
  expect(rest.body.entry).toHaveLength(5);
  expect(
    new Set([...(page.body.entry ?? []), ...(rest.body.entry ?? [])].map(({ resource }) => resource?.id)).size,
  ).toBe(25);
  expect((await ask('/Observation?subject=Patient/nobody')).body.total).toBe(0);
  expect(JSON.stringify((await ask('/metadata')).body)).toContain('"fhirVersion":"4.0.1"');
});

it('answers to its own name only', async () => {
  const { baseUrl } = await start();
  const status = await new Promise<number | undefined>((resolve, reject) => {
    httpRequest(`${baseUrl}/Observation`, { headers: { host: 'rebound.example' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
  expect(status).toBe(421);
  const elsewhere: Record<string, unknown> = { host: '0.0.0.0' };
  await expect(startFhirServer({ ...elsewhere }, { clock: systemClock, log })).rejects.toThrow(
    expect.objectContaining({ code: 'fhir.config' }),
  );
});

describe('over a restart', () => {
  it('has what it answered for, and cuts a torn line away', async () => {
    await start({ file: file() });
    await ask(place, 'PUT', one);
    await ask(place, 'PUT', changed(one, '2026-01-01T00:00:00Z'));
    await ask(`/Observation/${minute(60).id}`, 'PUT', minute(60));
    await ask(`/Observation/${minute(60).id}`, 'DELETE');
    await server?.close();
    server = undefined;
    appendFileSync(file(), '[{"put":"{\\"resourceType');
    const again = await start({ file: file() });
    expect(again.stats().tornBytes).toBeGreaterThan(10);
    expect(logged).toContain('fhir.torn-tail');
    expect((await ask(place)).body.meta?.versionId).toBe('2');
    expect((await ask(`${place}/_history`)).body.entry).toHaveLength(2);
    expect((await ask(`/Observation/${minute(60).id}`)).status).toBe(410);
    expect((await ask(place, 'PUT', one)).body.meta?.versionId).toBe('3');
    await start({ file: file() });
    expect((await ask(place)).body.meta?.versionId).toBe('3');
  });

  it('does not start on a file that is not its own', async () => {
    writeFileSync(join(folder, 'other.jsonl'), 'hello\n');
    await expect(start({ file: join(folder, 'other.jsonl') })).rejects.toThrow(
      /other.jsonl, line 1 is no line of this store/,
    );
  });
});

it('makes room by letting the oldest values go and never people, and says how many', async () => {
  await start({ maxResources: 12, file: file() });
  await ask(
    '',
    'POST',
    transactionBundle([patientResource(stay), ...Array.from({ length: 20 }, (_, at) => minute(at * 60))]),
  );
  expect(server?.stats()).toMatchObject({ resources: 12, evicted: 9 });
  expect((await ask('/Patient')).body.total).toBe(1);
  expect((await ask(`/Observation/${minute(0).id}`)).status).toBe(404);
  expect((await ask(`/Observation/${minute(19 * 60).id}`)).status).toBe(200);
  await start({ maxResources: 12, file: file() });
  expect(server?.stats().resources).toBe(12);
  const people = Array.from({ length: 13 }, (_, at) => patientResource({ ...stay, bed: `bed/${at}` }));
  const full = await ask('', 'POST', transactionBundle(people));
  expect(full.status).toBe(507);
  expect((await ask('/Patient')).body.total).toBe(1);
});

it('is drained into without loss or copy, every resource in its last version (T11, small)', async () => {
  await start({ file: file() });
  const queue = createMemoryFhirQueue({ entries: 1_000, quarantined: 10 });
  const resources = Array.from({ length: 60 }, (_, at) => minute(at * 60));
  for (const resource of resources) queue.add(resource);
  for (const resource of resources.slice(0, 40)) queue.add(changed(resource, '2026-01-01T00:00:00Z'));
  queue.add({ resourceType: 'Observation', id: 'poison' });
  const stop = new AbortController();
  const writer = createFhirWriter({
    queue,
    connection: await connectFhir({ baseUrl: server?.baseUrl ?? '', timeoutMs: 15_000 }),
    random: createRandom(1),
    sleep: () => {
      stop.abort();
      return Promise.resolve();
    },
  });
  await writer.run(stop.signal);
  expect(writer.status()).toMatchObject({ depth: 0, written: 100, quarantined: 1, retries: 0 });
  expect(queue.quarantined()[0]?.reason).toMatch(/^HTTP 422: nothing was kept.*Missing required property/);
  expect((await ask('/Observation?_count=1')).body.total).toBe(60);
  expect((await ask(`/Observation/${resources[39]?.id}`)).body).toMatchObject({
    issued: '2026-01-01T00:00:00Z',
    meta: { versionId: '2' },
  });
  expect((await ask(`/Observation/${resources[40]?.id}`)).body.meta?.versionId).toBe('1');
});
