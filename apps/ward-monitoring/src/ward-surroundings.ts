import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { OpenAppendFile } from '@edge-blueprints/audit';
import { createRandom, systemClock } from '@edge-blueprints/contracts';
import type { Clock, Logger, Random } from '@edge-blueprints/contracts';
import { askClock } from './self/ask-clock.js';
import type { ClockReading } from './self/clock-reading.js';
import type { FreeRoom } from './self/disk-room.js';

/** Time, chance and secrets of the machine that a gateway runs on. */
export interface WardSurroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Unguessable. */
  readonly newToken: () => string;
  /** Eight characters of a-z and 0-9. */
  readonly newId: () => string;
  /** Another one after each start of the machine. */
  readonly machineBoot: string;
  /** What the time service says of the wall clock; never rejects. */
  readonly readClock: () => Promise<ClockReading>;
  readonly freeRoom: FreeRoom;
  /** Another way to the files of the trail than the disk itself. */
  readonly openTrailFile?: OpenAppendFile;
}

const bootFile = '/proc/sys/kernel/random/boot_id';
/** @param trusted the operator answers for the clock: no source is asked for */
export function machineSurroundings(log: Logger, trusted: boolean): WardSurroundings {
  const newId = (): string => randomBytes(4).toString('hex');
  return {
    clock: systemClock,
    random: createRandom(randomInt(2 ** 32)),
    log,
    newToken: () => randomBytes(32).toString('base64url'),
    newId,
    machineBoot: existsSync(bootFile) ? readFileSync(bootFile, 'utf8').trim() : newId(),
    readClock: trusted ? () => Promise.resolve({ source: 'operator', synced: true }) : askClock,
    freeRoom: async (folder) => {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
  };
}
