import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { memoryTrail, sampleDesk } from '../testing/alarms/desk-sample.js';

const recordDeadlineMs = 60;
const standStill = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** A trail on a disk that answers at once, in a process that is given no processor meanwhile. */
function starvedTrail(stoodStillMs: number) {
  const { audit } = memoryTrail();
  return {
    record: async (drafts: Parameters<typeof audit.record>[0]) => {
      const written = readFile(import.meta.filename);
      standStill(stoodStillMs);
      await written;
      return audit.record(drafts);
    },
  };
}
const wait = (ms: number, signal: AbortSignal): Promise<unknown> => sleep(ms, undefined, { signal });

it('does not take a process that stood still for a disk that failed', async () => {
  const { desk, spo2, pass, kinds } = await sampleDesk({
    ...{ audit: starvedTrail(3 * recordDeadlineMs), recordDeadlineMs, wait },
  });
  await spo2('bed/01', 'true');
  await pass(20_000);
  expect(kinds()).toContain('start');
  expect(desk.view().unrecordedSinceMs).toBeUndefined();
  expect(kinds()).not.toContain('audit-failed');
});

it('takes a disk that does not answer for one that failed', async () => {
  const hanging = { record: () => new Promise<never>(() => undefined) };
  const { desk, spo2, pass } = await sampleDesk({ audit: hanging, recordDeadlineMs, wait });
  await spo2('bed/01', 'true');
  await pass(20_000);
  expect(desk.view().unrecordedSinceMs).toBeDefined();
});
