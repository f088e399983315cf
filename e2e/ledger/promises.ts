// What the ledger promised over all its lives, and whether what is on the disk keeps it.
import { readLedger } from '../../apps/retail-analytics/src/privacy/ledger-read.js';
import { spentBetween, type Spending } from '../../apps/retail-analytics/src/privacy/budget-accounts.js';
import { digestOf, keyOf, releaseKey, type Told } from './store.js';

export class Broken extends Error {}

/** A window that is refused for one of these is lost, as promised; any other refusal is a fault of the ledger. */
const allowedRefusals = new Set([
  'ledger.burnt',
  'ledger.spent',
  'ledger.before-start',
  'ledger.clock-back',
  'ledger.disk',
]);

export function createPromises() {
  const reserved = new Set<string>();
  const answers = new Map<string, string>();
  let refused = 0;
  const burnt = new Set<number>();
  const remember = (key: string, digest: string, where: string): void => {
    const known = answers.get(key);
    if (known !== undefined && known !== digest) throw new Broken(`${where}: ${key} has two answers`);
    answers.set(key, digest);
  };
  return {
    hear(told: Told): void {
      if (told.kind === 'reserved') {
        if (reserved.has(told.key)) throw new Broken(`${told.key} was reserved, and noise drawn for it, twice`);
        reserved.add(told.key);
      } else if (told.kind === 'answer') remember(told.key, told.digest, 'answer');
      else {
        refused += 1;
        if (!allowedRefusals.has(told.code)) throw new Broken(`${told.key} was refused with ${told.code}`);
      }
    },
    /** @returns the moment of the newest entry */
    check(folder: string): number {
      const reading = readLedger(`${folder}/ledger`, `${folder}/witness`);
      if (reading.damage.length > 0) throw new Broken(`the ledger is damaged: ${reading.damage.join('; ')}`);
      const spent = new Set<string>();
      const spendings: Spending[] = [];
      const stored = new Map<string, string>();
      let horizon = 0;
      for (const { entry } of reading.entries) {
        if (entry.kind === 'reserve') {
          spent.add(keyOf(entry.metric, entry.fromEpochMs, entry.toEpochMs));
          spendings.push(entry);
        }
        if (entry.kind === 'burn') burnt.add(entry.reservation);
        if (entry.kind === 'prune') horizon = Date.parse(entry.throughDay) + 86_400_000;
        if (entry.kind === 'release') stored.set(releaseKey(entry.release), digestOf(entry.release));
      }
      for (const [key, digest] of stored) remember(key, digest, 'ledger');
      // What was given up with old daily files is no longer asked for; an entry may be a day younger than its window.
      const old = (key: string): boolean => Number(key.split(' ')[2]) <= horizon + 86_400_000;
      for (const key of reserved)
        if (!spent.has(key) && !old(key)) throw new Broken(`${key} was granted and is not in the accounts`);
      for (const [key, digest] of answers)
        if (stored.get(key) !== digest && !old(key))
          throw new Broken(`the confirmed answer to ${key} is lost or another`);
      const most = spentBetween(spendings, 0, Number.MAX_SAFE_INTEGER);
      if (most > 1_000_000) throw new Broken(`a moment has cost ${most} millionths`);
      return reading.head.at;
    },
    counts: () => ({ reserved: reserved.size, answers: answers.size, refused, burnt: burnt.size }),
  };
}
