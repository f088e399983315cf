import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeviceError, silentLogger } from '@edge-blueprints/contracts';
import type { RetailRelease } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aRelease } from '../testing/a-view.js';
import { createReleaseDelivery } from './release-delivery.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'delivery-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const release = (entry: number): RetailRelease =>
  aRelease({ ledger: { entry, hash: entry.toString(16).padStart(64, '0') } });
const upTo = (entry: number): readonly RetailRelease[] => Array.from({ length: entry }, (_, i) => release(i + 1));

/** An outbox that can refuse, lose what it has, and deliver; and a hub that keeps each release once. */
function anOutbox() {
  const outbox = { epoch: 'a', lost: 0, entered: [] as number[], waiting: [] as number[], fault: '' };
  const hub = new Set<number>();
  return {
    outbox,
    hub,
    port: {
      store: async ({ ledger }: RetailRelease) => {
        if (outbox.fault !== '') throw new DeviceError(outbox.fault, 'refused');
        outbox.entered.push(ledger.entry);
        outbox.waiting.push(ledger.entry);
      },
      state: async () => ({ epoch: outbox.epoch, lost: outbox.lost, waiting: outbox.waiting.length }),
    },
    deliver: () => outbox.waiting.splice(0).forEach((entry) => hub.add(entry)),
    lose: (newFile: boolean) => {
      if (newFile) Object.assign(outbox, { epoch: `${outbox.epoch}+`, lost: 0 });
      else outbox.lost += outbox.waiting.length;
      outbox.waiting.splice(0);
    },
  };
}
const file = (): string => join(folder, 'hub-releases.json');
function start(port: ReturnType<typeof anOutbox>['port'], stored: readonly RetailRelease[], at = file()) {
  const delivery = createReleaseDelivery({ file: at, outbox: port, log: silentLogger });
  delivery.catchUp(stored);
  return delivery;
}

describe('releases on their way to the hub', () => {
  it('enters what the ledger has and the outbox never took, and nothing a second time', async () => {
    const { outbox, port } = anOutbox();
    const first = start(port, []);
    upTo(3).forEach((each) => first.released(each));
    await first.close();
    // 4 and 5 were confirmed by the ledger; the process died before the outbox had them.
    const second = start(port, upTo(5));
    second.released(release(6));
    await second.close();
    await start(port, upTo(6)).close();
    expect(outbox.entered).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it.each([
    { name: 'a lost outbox file', newFile: true },
    { name: 'events that left it undelivered', newFile: false },
  ])('enters what the hub has not acknowledged again after $name', async ({ newFile }) => {
    const { outbox, port, deliver, lose, hub } = anOutbox();
    const first = start(port, []);
    first.released(release(1));
    await first.close();
    deliver();
    const second = start(port, upTo(1));
    second.released(release(2));
    await second.close();
    lose(newFile);
    await start(port, upTo(2)).close();
    deliver();
    expect(outbox.entered).toEqual([1, 2, 2]);
    expect([...hub]).toEqual([1, 2]);
  });

  it('enters at the next start what the disk refused, and goes on beside what is refused for good', async () => {
    const { outbox, port } = anOutbox();
    const first = start(port, []);
    outbox.fault = 'outbox.too-large';
    first.released(release(1));
    await first.close();
    outbox.fault = 'outbox.disk';
    const second = start(port, upTo(1));
    second.released(release(2));
    await second.close();
    outbox.fault = '';
    await start(port, upTo(3)).close();
    expect(outbox.entered).toEqual([1, 2, 3]);
  });

  it('enters everything of a ledger that its bookmark does not know, or whose bookmark is damaged', async () => {
    const { outbox, port } = anOutbox();
    await start(port, [release(9)]).close();
    await start(port, upTo(2)).close();
    writeFileSync(file(), '{');
    await start(port, upTo(2)).close();
    expect(outbox.entered).toEqual([9, 1, 2, 1, 2]);
  });

  it('lets no release of the ledger miss the hub, whatever is lost in between', async () => {
    const acts = fc.array(fc.constantFrom('release', 'crash', 'deliver', 'lose', 'new-file', 'full', 'restart'), {
      maxLength: 12,
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(acts, async (list) => {
        const world = anOutbox();
        const at = join(folder, `${(run += 1)}.json`);
        let newest = 0;
        let life = start(world.port, [], at);
        for (const act of [...list, 'restart']) {
          if (act === 'release') life.released(release((newest += 1)));
          if (act === 'crash') newest += 1;
          if (act === 'deliver') world.deliver();
          if (act === 'full') {
            await life.close();
            world.outbox.fault = 'outbox.disk';
            life.released(release((newest += 1)));
            await life.close();
            world.outbox.fault = '';
          }
          if (act === 'lose' || act === 'new-file') {
            await life.close();
            world.lose(act === 'new-file');
          }
          if (act !== 'release' && act !== 'deliver') {
            await life.close();
            life = start(world.port, upTo(newest), at);
          }
        }
        await life.close();
        world.deliver();
        expect([...world.hub].sort((a, b) => a - b)).toEqual(upTo(newest).map(({ ledger }) => ledger.entry));
      }),
      { numRuns: 12 },
    );
  });
});
