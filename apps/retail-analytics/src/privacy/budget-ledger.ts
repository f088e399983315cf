import { join } from 'node:path';
import {
  DeviceError,
  errorMessage,
  UsageError,
  type BudgetView,
  type Clock,
  type ReleaseMetric,
} from '@edge-blueprints/contracts';
import { createBudgetAccounts, epsilon, type Allowances, type BudgetAccounts } from './budget-accounts.js';
import { chainBeginning, encodeEntry, type LedgerRecord } from './ledger-entry.js';
import { appendLine, createFolder, readDayFile, removeDayFiles, truncateDayFile, writeMark } from './ledger-files.js';
import { takeWriterLock } from './ledger-lock.js';
import { markName, readLedger, type LedgerReading } from './ledger-read.js';
import { createQueryIndex, type QueryIndex } from './query-index.js';
import type { PrivacyConfig } from './privacy-config.js';
import type { BudgetLedger, RandomBits, ReleaseQuery, ReserveOutcome } from './release-ports.js';

export interface BudgetLedgerOptions {
  readonly store: string;
  readonly config: PrivacyConfig['ledger'];
  readonly allowances: Allowances;
  readonly clock: Clock;
  /** For the name of a new chain; a ledger tells which kind of randomness its store uses. */
  readonly bits: RandomBits;
}

const dayMs = 86_400_000;

interface Open {
  n: number;
  hash: string;
  at: number;
  chain: string;
  /** The daily file that the newest entry is in. */
  day: string;
  readonly startedAt: number;
  readonly prunedThroughEpochMs: number;
  readonly accounts: BudgetAccounts;
  readonly index: QueryIndex;
  refusedDay: string;
}

/**
 * Opens the ledger of a store for writing, mends what an interrupted append left and burns open reservations. A damaged
 * ledger opens too, and refuses everything with the reason: the store's page goes on, releases do not.
 * @throws ConfigError `ledger.in-use` @throws UsageError `privacy.parameters` for seeded bits on a ledger of system bits
 */
export function openBudgetLedger(options: BudgetLedgerOptions): BudgetLedger {
  const { store, config, allowances, clock, bits } = options;
  const { folder, witnessFile } = config;
  createFolder(folder);
  const lock = takeWriterLock(folder);
  let open: Open | undefined;
  let fault: { readonly code: 'ledger.damaged' | 'ledger.disk' | 'ledger.in-use'; readonly reason: string } | undefined;

  /** Line and mark are on the disk when this returns, or the ledger is closed until it was read anew. */
  function append(state: Open, record: LedgerRecord): void {
    const at = Math.max(Math.floor(clock.epochMs()), state.at);
    const day = [new Date(at).toISOString().slice(0, 10), state.day].sort()[1] ?? state.day;
    if (day !== state.day) {
      put(state, day, at, state.n === 0 ? undefined : { kind: 'day', chain: state.chain, store, day });
      state.day = day;
    }
    put(state, day, at, record);
  }

  function put(state: Open, day: string, at: number, record: LedgerRecord | undefined): void {
    if (record === undefined) return;
    try {
      if (!lock.held()) throw new DeviceError('ledger.in-use', `Another process took the budget ledger in ${folder}.`);
      const { line, hash } = encodeEntry({ n: state.n + 1, at, previous: state.hash, ...record });
      appendLine(folder, day, line);
      Object.assign(state, { n: state.n + 1, at, hash });
      const mark = { chain: state.chain, entry: state.n, hash, at };
      writeMark(join(folder, markName), mark);
      if (witnessFile) writeMark(witnessFile, mark);
    } catch (error) {
      open = undefined;
      fault = { code: 'ledger.disk', reason: `The budget ledger could not be written: ${errorMessage(error)}.` };
      throw new DeviceError('ledger.disk', fault.reason, { cause: error, retry: 'ambiguous', context: { folder } });
    }
  }

  function load(): void {
    if (!lock.held()) {
      fault = {
        code: 'ledger.in-use',
        reason: `Another process took the budget ledger in ${folder}. Stop one of them.`,
      };
      return;
    }
    const reading = readLedger(folder, witnessFile);
    const first = reading.entries[0]?.entry;
    const opening = first?.kind === 'start' || first?.kind === 'day' ? first : undefined;
    const problems = [...reading.damage];
    if (opening && opening.store !== store)
      problems.push(
        `it belongs to store ${opening.store} and this one is ${store}; give each store a folder of its own`,
      );
    if (problems.length > 0) {
      open = undefined;
      fault = {
        code: 'ledger.damaged',
        reason: `The budget ledger in ${folder} is not what was written: ${problems.join('; ')}. Nothing is released. Keep the folder for the audit and name a new one, with a new witness.`,
      };
      return;
    }
    if (opening?.kind === 'start' && opening.bits === 'system' && bits.source === 'seeded')
      throw new UsageError('privacy.parameters', 'A ledger of real releases cannot be opened with seeded randomness.');
    fault = undefined;
    open = recover(reading);
    prune(open, reading);
  }

  function recover(reading: LedgerReading): Open {
    if (reading.tail) truncateDayFile(folder, reading.tail.day, reading.tail.keepBytes);
    removeDayFiles(folder, reading.pruned);
    const accounts = createBudgetAccounts(allowances);
    const index = createQueryIndex();
    let startedAt = 0;
    let prunedThrough = 0;
    for (const { entry } of reading.entries) {
      if (entry.kind === 'start') startedAt = entry.at;
      if (entry.kind === 'reserve') accounts.add(entry);
      if (entry.kind === 'prune') prunedThrough = Date.parse(entry.throughDay) + dayMs;
      index.read(entry);
    }
    const state: Open = {
      n: reading.head.entry,
      hash: reading.head.hash,
      at: Math.max(reading.head.at, reading.mark?.at ?? 0),
      chain: reading.head.chain ?? Buffer.from(bits.bytes(32)).toString('hex'),
      day: reading.days.filter((day) => readDayFile(folder, day).length > 0).at(-1) ?? '',
      startedAt,
      prunedThroughEpochMs: prunedThrough,
      accounts,
      index,
      refusedDay: '',
    };
    if (state.n > (reading.mark?.entry ?? 0) || witnessFile) {
      const mark = { chain: state.chain, entry: state.n, hash: state.hash, at: state.at };
      if (state.n > 0) writeMark(join(folder, markName), mark);
      if (state.n > 0 && witnessFile) writeMark(witnessFile, mark);
    }
    if (state.n === 0) {
      append(state, { kind: 'start', chain: state.chain, store, bits: bits.source });
      return { ...state, startedAt: state.at };
    }
    for (const reservation of index.unanswered()) {
      append(state, { kind: 'burn', reservation });
      index.burn(reservation);
    }
    return state;
  }

  /** Old daily files go, after the chain says so. Windows as old as them are refused from then on. */
  function prune(state: Open, reading: LedgerReading): void {
    const oldest = new Date(clock.epochMs() - config.keepDays * dayMs).toISOString().slice(0, 10);
    const old = reading.days.filter((day) => day < oldest && day !== state.day);
    const last = old.at(-1);
    if (last === undefined) return;
    const kept = reading.entries.find(
      ({ entry }) => (entry.kind === 'day' || entry.kind === 'start') && entry.kind === 'day' && entry.day > last,
    );
    if (kept === undefined) return;
    append(state, { kind: 'prune', throughDay: last, entry: kept.entry.n - 1, hash: kept.entry.previous });
    removeDayFiles(folder, old);
    load();
  }

  function reserve(query: ReleaseQuery): ReserveOutcome {
    const refused = (code: string, reason: string): ReserveOutcome => ({ kind: 'refused', code, reason });
    // After a fault of the disk everything is read and judged anew: what the failed append left is mended or burnt.
    if (open === undefined && fault?.code === 'ledger.disk') attempt(load);
    const state = open;
    if (state === undefined)
      return refused(fault?.code ?? 'ledger.closed', fault?.reason ?? 'The budget ledger is closed.');
    const known = state.index.find(query);
    if (known?.kind === 'stored') return { kind: 'stored', release: known.release };
    if (known)
      return refused(
        'ledger.burnt',
        'An interruption came between the reservation and its answer; this window is not released.',
      );
    const now = clock.epochMs();
    if (now < state.at - config.clockToleranceMs) return refused('ledger.clock-back', clockReason(now, state.at));
    if (query.toEpochMs > now + config.clockToleranceMs)
      return refused('ledger.window-open', `The window ends at ${iso(query.toEpochMs)} and it is ${iso(now)}.`);
    if (
      !(query.fromEpochMs < query.toEpochMs) ||
      query.toEpochMs - query.fromEpochMs > dayMs ||
      !Number.isInteger(query.fromEpochMs) ||
      !Number.isInteger(query.toEpochMs)
    )
      return refused(
        'ledger.window',
        `A window from ${query.fromEpochMs} to ${query.toEpochMs} is not one of whole milliseconds up to a day.`,
      );
    if (query.fromEpochMs < Math.max(state.startedAt, state.prunedThroughEpochMs))
      return refused(
        'ledger.before-start',
        'The window began before this ledger did; what was spent on it is not known.',
      );
    const objection = state.accounts.objection(query);
    if (objection !== undefined) {
      state.refusedDay = iso(now).slice(0, 10);
      return refused('ledger.spent', `The budget is spent: ${objection}.`);
    }
    const { metric, fromEpochMs, toEpochMs, planRevision, epsilonMicros } = query;
    const record = { kind: 'reserve', metric, fromEpochMs, toEpochMs, planRevision, epsilonMicros } as const;
    if (!attempt(() => append(state, record))) return refused('ledger.disk', fault?.reason ?? '');
    state.accounts.add(query);
    state.index.reserve(state.n, query);
    return { kind: 'reserved', ledger: { entry: state.n, hash: state.hash } };
  }

  function attempt(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      open = undefined;
      fault ??= { code: 'ledger.disk', reason: `The budget ledger could not be used: ${errorMessage(error)}.` };
      return false;
    }
  }

  function view(nowEpochMs: number): BudgetView {
    const from = Math.floor(nowEpochMs / dayMs) * dayMs;
    const state = open;
    const day = iso(nowEpochMs).slice(0, 10);
    const perMetric = (metric: ReleaseMetric) => ({
      allowed: epsilon(allowances.perMetric[metric]),
      spent: epsilon(state?.accounts.spent(metric, from, from + dayMs) ?? allowances.perMetric[metric]),
    });
    const clockBack = state !== undefined && nowEpochMs < state.at - config.clockToleranceMs;
    const ledgerState =
      state === undefined ? 'damaged' : clockBack ? 'clock-back' : state.refusedDay === day ? 'spent' : 'open';
    const detail =
      state === undefined
        ? (fault?.reason ?? 'The budget ledger is closed.')
        : clockBack
          ? clockReason(nowEpochMs, state.at)
          : '';
    return {
      day,
      epsilonPerDay: epsilon(allowances.total),
      spent: epsilon(state?.accounts.spentTotal(from, from + dayMs) ?? allowances.total),
      perMetric: {
        counts: perMetric('counts'),
        visits: perMetric('visits'),
        dwell: perMetric('dwell'),
        heat: perMetric('heat'),
        queue: perMetric('queue'),
        transitions: perMetric('transitions'),
      },
      burnt: state?.index.burnt(from, from + dayMs) ?? 0,
      ledger: { state: ledgerState, detail, entries: state?.n ?? 0, head: state?.hash ?? chainBeginning },
    };
  }

  try {
    load();
  } catch (error) {
    if (error instanceof UsageError) {
      lock.release();
      throw error;
    }
    open = undefined;
    fault ??= { code: 'ledger.disk', reason: `The budget ledger could not be read: ${errorMessage(error)}.` };
  }

  return {
    reserve,
    confirm(release) {
      const state = open;
      const reservation = release.ledger.entry;
      if (state === undefined) throw new DeviceError('ledger.disk', fault?.reason ?? 'The budget ledger is closed.');
      if (!state.index.awaits(reservation, release))
        throw new UsageError('ledger.reservation', `Entry ${reservation} is no open reservation of ${release.metric}.`);
      append(state, { kind: 'release', reservation, release });
      state.index.answer(reservation, release);
    },
    releases: (filter) => open?.index.releases(filter) ?? [],
    view,
    head: () => ({ entry: open?.n ?? 0, hash: open?.hash ?? chainBeginning }),
    close() {
      open = undefined;
      fault = undefined;
      lock.release();
    },
  };
}

function clockReason(now: number, at: number): string {
  return `The clock shows ${iso(now)} and the newest entry is of ${iso(at)}: it went back. Set it right; releases go on when it has passed that time.`;
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
