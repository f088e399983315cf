import { createRandom } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FhirResource } from '../resources/fhir-elements.js';
import type { SendOutcome } from './fhir-connection.js';
import { createMemoryFhirQueue } from './fhir-queue.js';
import { createFhirWriter, defaultFhirWriterLimits } from './fhir-writer.js';

/** A server in memory that answers by script, and then well. `lost` keeps the bundle although its answer does not arrive. */
function run(options: {
  resources: readonly FhirResource[];
  script: readonly ('later' | 'lost' | 'ok')[];
  bundleEntries?: number;
}) {
  const queue = createMemoryFhirQueue({ entries: 10_000, quarantined: 10_000 });
  for (const resource of options.resources) queue.add(resource);
  const stop = new AbortController();
  const kept = new Map<string, number[]>();
  const waits: number[] = [];
  const bundles: (readonly FhirResource[])[] = [];
  const script = [...options.script];
  const keep = (resources: readonly FhirResource[]) => {
    for (const { id, version } of resources) kept.set(id, [...(kept.get(id) ?? []), Number(version)]);
  };
  const writer = createFhirWriter(
    {
      queue,
      random: createRandom(1),
      sleep: (ms) => {
        waits.push(ms);
        if (queue.depth() === 0) stop.abort();
        return Promise.resolve();
      },
      connection: {
        send: (resources): Promise<SendOutcome> => {
          bundles.push(resources);
          const step = script.shift() ?? 'ok';
          if (step === 'later') return Promise.resolve({ kind: 'later', status: 503, reason: 'down' });
          if (resources.some(({ poison }) => poison === true))
            return Promise.resolve({ kind: 'refused', status: 422, reason: 'poison' });
          keep(resources);
          return Promise.resolve(step === 'lost' ? { kind: 'later', reason: 'reset' } : { kind: 'written' });
        },
      },
    },
    { ...defaultFhirWriterLimits, bundleEntries: options.bundleEntries ?? 5 },
  );
  return { done: writer.run(stop.signal), writer, queue, kept, waits, bundles };
}
const resource = (id: string, version: number, poison = false): FhirResource => ({
  resourceType: 'Observation',
  id,
  version,
  ...(poison ? { poison } : {}),
});

it('brings every resource once, its versions in their order, and sets the poisonous ones aside, whatever fails', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), poison: fc.boolean() }), {
        maxLength: 40,
      }),
      fc.array(fc.constantFrom('later' as const, 'lost' as const, 'ok' as const), { maxLength: 30 }),
      fc.integer({ min: 1, max: 9 }),
      async (list, script, bundleEntries) => {
        const resources = list.map(({ id, poison }, at) => resource(id, at, poison));
        const { done, queue, kept, bundles, writer } = run({ resources, script, bundleEntries });
        await done;
        expect(queue.depth()).toBe(0);
        expect(queue.quarantined().map((entry) => entry.resource)).toEqual(
          resources.filter(({ poison }) => poison === true),
        );
        expect(writer.status()).toMatchObject({ quarantined: queue.quarantined().length, state: 'idle' });
        for (const bundle of bundles) expect(new Set(bundle.map(({ id }) => id)).size).toBe(bundle.length);
        for (const [id, versions] of kept) {
          const sent = resources.filter((each) => each.id === id && each.poison !== true).map(({ version }) => version);
          // A repeat of the same version is the same PUT; apart from that nothing is twice, lost, or out of order.
          expect(versions.filter((version, at) => version !== versions[at - 1])).toEqual(sent);
        }
      },
    ),
    { numRuns: 30 },
  );
});

it('waits longer after each failure up to the bound, and not by the same amount as others', async () => {
  const { done, waits, writer } = run({
    resources: [resource('a', 1)],
    script: Array.from({ length: 12 }, () => 'later' as const),
  });
  await done;
  const backoff = waits.slice(0, 12);
  for (const [at, ms] of backoff.entries()) {
    const ceiling = Math.min(60_000, 500 * 2 ** at);
    expect(ms).toBeGreaterThanOrEqual(ceiling / 2);
    expect(ms).toBeLessThanOrEqual(ceiling);
  }
  expect(new Set(backoff.slice(8)).size).toBeGreaterThan(1);
  expect(writer.status()).toMatchObject({ written: 1, retries: 12, failuresInARow: 0, lastProblem: 'down' });
});

it('takes no more than it has room for, and counts the rest', () => {
  const queue = createMemoryFhirQueue({ entries: 2, quarantined: 1 });
  expect([1, 2, 3].map((version) => queue.add(resource('a', version)))).toEqual([true, true, false]);
  expect(queue.dropped).toBe(1);
});
