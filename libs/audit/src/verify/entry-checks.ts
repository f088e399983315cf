import { createFindings, type Verdict } from './verdict.js';

/** Fields of an entry that the verifier judges; everything else is only bound by its hash. */
export interface ReadEntry {
  readonly seq: number;
  readonly origin: string;
  readonly boot: string;
  readonly type: string;
  readonly tMonoMs: number;
  readonly wallMs: number;
  readonly synced: boolean;
  readonly reason: string;
  readonly links: Readonly<Record<string, string>>;
}

/** A wall clock that moves further than this against the monotonic one must be declared. Two roundings are added. */
const maxStepMs = 502;

export interface EntryChecks {
  /** In order; entries that are pruned are left out. */
  add(seq: number, bytes: Buffer): void;
  completeness(): Verdict;
  time(): Verdict;
  readonly summary: () => { readonly boots: number; readonly gaps: number; readonly minimumIndex: number };
}

/** Completeness and time: numbers without a hole, boots that end or whose end is declared, clocks that only step when told. */
export function createEntryChecks(origin: string, firstSeq: number): EntryChecks {
  const complete = createFindings();
  const time = createFindings();
  const boots = new Set<string>();
  let last: ReadEntry | undefined;
  let [gaps, minimumIndex, unsynced] = [0, 0, 0];

  function bootChange(entry: ReadEntry): void {
    if (boots.has(entry.boot))
      complete.fail('boot-again', `Entry ${entry.seq}: boot ${entry.boot} comes back after another one`);
    boots.add(entry.boot);
    if (last === undefined) {
      if (firstSeq === 0 && entry.type !== 'audit.started' && entry.type !== 'clock.step')
        complete.fail('start-missing', `Entry 0 is ${entry.type}, not the start of the log`);
      return;
    }
    const isDeclared = entry.type === 'audit.gap' || entry.type === 'clock.step';
    if (last.type !== 'audit.stopped' && !isDeclared)
      complete.fail(
        'undeclared-stop',
        `Boot ${last.boot} ends at entry ${last.seq} without a stop, and boot ${entry.boot} declares no gap`,
      );
  }

  function timeOf(entry: ReadEntry): void {
    if (Number.isNaN(entry.wallMs)) return time.fail('wall-form', `Entry ${entry.seq}: its wall time cannot be read`);
    if (!entry.synced) unsynced += 1;
    if (last === undefined) return;
    const declared = entry.type === 'clock.step';
    if (last.boot === entry.boot) {
      if (entry.tMonoMs < last.tMonoMs)
        time.fail(
          'monotonic-back',
          `Entry ${entry.seq}: monotonic time goes from ${last.tMonoMs} back to ${entry.tMonoMs} ms`,
        );
      const movedMs = entry.wallMs - last.wallMs - (entry.tMonoMs - last.tMonoMs);
      if (Math.abs(movedMs) > maxStepMs && !declared)
        time.fail(
          'undeclared-step',
          `Entry ${entry.seq}: the wall clock moved by ${movedMs} ms and no clock.step says so`,
        );
    } else if (last.wallMs - entry.wallMs > maxStepMs && !declared)
      time.fail(
        'undeclared-step',
        `Entry ${entry.seq}: a new boot begins ${last.wallMs - entry.wallMs} ms before the last entry`,
      );
    if (declared) time.note('clock-step', `Entry ${entry.seq} declares a step of ${entry.links['movedMs'] ?? '?'} ms`);
  }

  return {
    add: (seq, bytes) => {
      const entry = readEntry(bytes);
      if (entry === undefined) {
        complete.fail('entry-form', `Entry ${seq} is not an entry in canonical JSON`);
        return;
      }
      if (entry.seq !== seq) complete.fail('sequence', `Entry ${seq} says that it is number ${entry.seq}`);
      if (entry.origin !== origin) complete.fail('origin', `Entry ${seq} says that it belongs to ${entry.origin}`);
      if (entry.boot !== last?.boot) bootChange(entry);
      timeOf(entry);
      if (entry.type === 'audit.gap') {
        gaps += 1;
        const links = Object.entries(entry.links).map(([name, value]) => `${name} ${value}`);
        complete.note(
          'declared-gap',
          `Entry ${seq} declares a gap: ${entry.reason}${links.length > 0 ? ` (${links.join(', ')})` : ''}`,
        );
      }
      if (entry.type === 'audit.retention')
        minimumIndex = Math.max(minimumIndex, Number(entry.links['minimumIndex'] ?? 0));
      last = entry;
    },
    completeness: () => {
      if (firstSeq > minimumIndex)
        complete.fail(
          'missing-entries',
          `Entries 0 to ${firstSeq - 1} are gone, and the log declares a minimum index of ${minimumIndex} only`,
        );
      else if (firstSeq > 0)
        complete.note('retention', `Entries 0 to ${firstSeq - 1} were removed, as entry audit.retention declares`);
      return complete.verdict();
    },
    time: () => {
      if (unsynced > 0) time.note('unsynced', `${unsynced} entries were written while the clock had no good source`);
      return time.verdict();
    },
    summary: () => ({ boots: boots.size, gaps, minimumIndex }),
  };
}

/** Undefined where the bytes are not the one canonical spelling of an entry. */
export function readEntry(bytes: Buffer): ReadEntry | undefined {
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (!isRecord(value) || !Buffer.from(spelled(value)).equals(bytes)) return undefined;
  const { v, seq, origin, boot, type, tMonoMs, tWall, clock, reason, links } = value;
  if (v !== 1 || typeof seq !== 'number' || typeof tMonoMs !== 'number' || typeof tWall !== 'string') return undefined;
  if (typeof origin !== 'string' || typeof boot !== 'string' || typeof type !== 'string' || !isRecord(clock))
    return undefined;
  return {
    ...{ seq, origin, boot, type, tMonoMs, wallMs: Date.parse(tWall), synced: clock['synced'] === true },
    reason: typeof reason === 'string' ? reason : '',
    links: Object.fromEntries(Object.entries(isRecord(links) ? links : {}).map(([name, link]) => [name, String(link)])),
  };
}

/** RFC 8785 for what JSON.parse returns. */
function spelled(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spelled).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${spelled(value[name])}`).join(',')}}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
