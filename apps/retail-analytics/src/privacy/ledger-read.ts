import { join } from 'node:path';
import { chainBeginning, decodeEntry, type ChainedEntry, type LedgerEntry, type LedgerMark } from './ledger-entry.js';
import { ledgerDays, readDayFile, readMark } from './ledger-files.js';

export const markName = 'mark';

/** What is in a ledger folder. Reading changes nothing. */
export interface LedgerReading {
  readonly entries: readonly ChainedEntry[];
  readonly days: readonly string[];
  /** Newest valid entry. */
  readonly head: {
    readonly entry: number;
    readonly hash: string;
    readonly at: number;
    readonly chain: string | undefined;
  };
  readonly mark: LedgerMark | undefined;
  /** Bytes of one append that never returned to its caller: they may be cut off. */
  readonly tail: { readonly day: string; readonly keepBytes: number; readonly bytes: number } | undefined;
  /** Daily files that a prune entry gave up and a crash left behind. */
  readonly pruned: readonly string[];
  /** Why nothing may be released on this ledger. */
  readonly damage: readonly string[];
}

interface Chain {
  n: number;
  hash: string;
  at: number;
  id: string | undefined;
  store: string | undefined;
}

/**
 * Reads and judges a ledger. An append is confirmed when its line and then the mark that names it are on the disk; the next
 * append begins only afterwards. So after a crash there may be, beyond the entry of the mark, one valid entry that was not
 * confirmed, or the remains of one (no line feed but at their very end): these are taken back. Anything else that
 * does not fit was confirmed once and is damage: a broken line or link, entries missing below the mark, or more than one above.
 * @param witnessFile a copy of the mark somewhere else
 */
export function readLedger(folder: string, witnessFile?: string | null): LedgerReading {
  const damage: string[] = [];
  const all = ledgerDays(folder);
  const prune = lastPrune(folder, all);
  const pruned = prune === undefined ? [] : all.filter((day) => day <= prune.throughDay);
  const days = all.filter((day) => !pruned.includes(day));
  const foundMark = readMark(join(folder, markName));
  const mark = foundMark.kind === 'mark' ? foundMark.mark : undefined;
  const chain: Chain = {
    n: prune?.entry ?? 0,
    hash: prune?.hash ?? chainBeginning,
    at: 0,
    id: undefined,
    store: undefined,
  };
  const entries: ChainedEntry[] = [];
  let tail: LedgerReading['tail'];

  for (const [i, day] of days.entries()) {
    const bytes = readDayFile(folder, day);
    let start = 0;
    let first = true;
    while (start < bytes.length) {
      const feed = bytes.indexOf(10, start);
      const decoded = feed === -1 ? undefined : decodeEntry(bytes.toString('utf8', start, feed));
      const problem = decoded === undefined ? 'is not what was written' : misfit(decoded.entry, chain, day, first);
      if (decoded === undefined || problem !== undefined) {
        const onlyAppend = feed === -1 || feed === bytes.length - 1;
        const last = days.slice(i + 1).every((later) => readDayFile(folder, later).length === 0);
        if (
          decoded === undefined &&
          onlyAppend &&
          last &&
          (mark?.entry ?? 0) === chain.n &&
          foundMark.kind !== 'unreadable'
        )
          tail = { day, keepBytes: start, bytes: bytes.length - start };
        else damage.push(`${day}.jsonl: the entry after number ${chain.n} ${problem}`);
        break;
      }
      entries.push(decoded);
      chain.n = decoded.entry.n;
      chain.hash = decoded.hash;
      chain.at = decoded.entry.at;
      if (decoded.entry.kind === 'start' || decoded.entry.kind === 'day') {
        chain.id = decoded.entry.chain;
        chain.store = decoded.entry.store;
      }
      first = false;
      start = feed + 1;
    }
    if (damage.length > 0) break;
  }
  const reading = {
    entries,
    days,
    head: { entry: chain.n, hash: chain.hash, at: chain.at, chain: chain.id },
    tail,
    pruned,
  };
  if (damage.length === 0) {
    if (foundMark.kind === 'unreadable') damage.push('the high-water mark cannot be read');
    if (foundMark.kind === 'absent' && chain.n > 1) damage.push('the high-water mark is missing');
    if (mark) damage.push(...againstMark(reading, mark, 'the high-water mark', true));
    if (witnessFile) {
      const witness = readMark(witnessFile);
      if (witness.kind === 'unreadable') damage.push('the witness of the high-water mark cannot be read');
      if (witness.kind === 'mark') damage.push(...againstMark(reading, witness.mark, 'the witness', false));
    }
    damage.push(...inconsistencies(entries));
  }
  return { ...reading, mark, damage };
}

function misfit(entry: LedgerEntry, chain: Chain, day: string, first: boolean): string | undefined {
  if (entry.n !== chain.n + 1) return `has number ${entry.n}`;
  if (entry.previous !== chain.hash) return 'does not follow from the one before';
  if (entry.at < chain.at) return 'is older than the one before';
  const opening = chain.n === 0 ? 'start' : 'day';
  if (first !== (entry.kind === 'start' || entry.kind === 'day')) return 'does not open a daily file as it should';
  if (first && entry.kind !== opening) return 'does not open a daily file as it should';
  if (entry.kind === 'day' && (entry.day !== day || (chain.id !== undefined && entry.chain !== chain.id)))
    return 'belongs to another file or chain';
  return undefined;
}

function againstMark(
  { head, entries }: Pick<LedgerReading, 'head' | 'entries'>,
  mark: LedgerMark,
  name: string,
  exact: boolean,
): readonly string[] {
  if (head.chain !== undefined && mark.chain !== head.chain) return [`${name} belongs to another chain`];
  if (mark.entry > head.entry)
    return [
      `entries ${head.entry + 1} to ${mark.entry} are missing: ${name} knows of ${mark.entry}; the ledger was cut or put back`,
    ];
  if (exact && head.entry > mark.entry + 1)
    return [`${name} stands at ${mark.entry} and the ledger at ${head.entry}: it was put back`];
  const named = entries.find(({ entry }) => entry.n === mark.entry);
  return named !== undefined && named.hash !== mark.hash ? [`entry ${mark.entry} is another than ${name} knows`] : [];
}

/** What no ledger of ours holds: answers without a reservation, two answers, two reservations of one query. */
function inconsistencies(entries: readonly ChainedEntry[]): readonly string[] {
  const open = new Map<number, Extract<LedgerEntry, { kind: 'reserve' }>>();
  const queries = new Set<string>();
  const problems: string[] = [];
  const reachesBack = entries[0]?.entry.kind !== 'start';
  for (const { entry } of entries) {
    if (entry.kind === 'reserve') {
      const key = `${entry.metric} ${entry.fromEpochMs} ${entry.toEpochMs}`;
      if (queries.has(key)) problems.push(`entry ${entry.n} reserves a query for the second time`);
      queries.add(key);
      open.set(entry.n, entry);
    } else if (entry.kind === 'release' || entry.kind === 'burn') {
      const reservation = open.get(entry.reservation);
      const beforeFirst = reachesBack && entry.reservation < (entries[0]?.entry.n ?? 0);
      if (reservation === undefined && !beforeFirst) problems.push(`entry ${entry.n} has no open reservation`);
      if (reservation && entry.kind === 'release' && entry.release.metric !== reservation.metric)
        problems.push(`entry ${entry.n} answers another query than it reserved`);
      open.delete(entry.reservation);
    }
  }
  return problems;
}

/** Found before the chain is judged; being part of the chain, it is judged with it. */
function lastPrune(folder: string, days: readonly string[]): Extract<LedgerEntry, { kind: 'prune' }> | undefined {
  for (const day of [...days].reverse()) {
    for (const line of readDayFile(folder, day).toString('utf8').split('\n').reverse()) {
      if (!line.includes('"kind":"prune"')) continue;
      const entry = decodeEntry(line)?.entry;
      if (entry?.kind === 'prune') return entry;
    }
  }
  return undefined;
}

/** For readers beside a running writer: an append between two of our reads looks like damage once, not three times. */
export function readLedgerBesideWriter(folder: string, witnessFile?: string | null): LedgerReading {
  let reading = readLedger(folder, witnessFile);
  for (let again = 0; again < 2 && reading.damage.length > 0; again += 1) reading = readLedger(folder, witnessFile);
  return reading;
}
