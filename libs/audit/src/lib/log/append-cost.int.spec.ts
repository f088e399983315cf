import { afterEach, beforeEach, expect, it } from 'vitest';
import { draft, openTrail, temporaryFolder } from '../../testing/trail-bench.js';
import { openAppendFile, type OpenAppendFile } from './durable-files.js';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => void (folder = temporaryFolder()));
afterEach(() => folder.remove());

it('syncs once for all who wait: 400 entries that come together cost a handful of syncs, and none is confirmed before its own', async () => {
  let syncs = 0;
  const openFile: OpenAppendFile = async (path) => {
    const file = await openAppendFile(path);
    return {
      ...file,
      async sync() {
        syncs += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
        await file.sync();
      },
    };
  };
  const log = await openTrail(folder.path, { openFile });
  const before = syncs;
  let early = 0;
  await Promise.all(
    Array.from({ length: 400 }, async (_, number) => {
      // In twenty turns of the event loop, as samples come.
      for (let turn = 0; turn < number % 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      const known = syncs;
      await log.record([draft(number)]);
      if (syncs === known) early += 1;
    }),
  );
  expect(early).toBe(0);
  expect(syncs - before).toBeLessThanOrEqual(25);
  await log.close();
});
