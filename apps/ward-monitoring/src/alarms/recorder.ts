import { errorCode, type AuditDraft, type AuditTrail } from '@edge-blueprints/contracts';
import type { AlarmConfig } from './alarm-config.js';
import type { AlarmJournal } from './alarm-journal.js';
import type { AlarmTransition } from './alarm-transition.js';
import { draftOf, gapDraft } from './audit-drafts.js';
import type { StartInput } from './engine-input.js';
import type { EngineState } from './engine-state.js';
import type { JournalDraft } from './journal-entry.js';

export interface RecordedEntry {
  readonly entry: JournalDraft;
  readonly transitions: readonly AlarmTransition[];
  readonly isEffective: boolean;
}

export interface RecorderOptions {
  readonly journal: AlarmJournal;
  readonly audit: AuditTrail;
  readonly now: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly deadlineMs: number;
  readonly retryEveryMs: number;
  readonly lastStart: StartInput;
  /** Lines that an earlier process may not have written. */
  readonly late: readonly AuditDraft[];
}

export interface Recorder {
  /** Journal, then trail. False when one of them failed or took too long: from then on nothing is recorded until `heal`. */
  record(entries: readonly RecordedEntry[]): Promise<boolean>;
  /** What happened while nothing could be recorded. */
  miss(entries: readonly RecordedEntry[]): void;
  /** Lines to write with the next that are written. */
  keep(drafts: readonly AuditDraft[]): void;
  /** Tries again when it is time: the state as it is, then the lines of the outage and its declaration. @returns whether all is well again */
  heal(state: EngineState, config: AlarmConfig): Promise<boolean>;
  rotate(state: EngineState, config: AlarmConfig): Promise<void>;
  failedSinceMs(): number | undefined;
}

const mostLate = 10_000;
/** Of a deadline; an event loop that stands still takes one of them at most. */
const slices = 10;

/** Writes what the desk did to journal and trail, and knows whether it did. */
export function createRecorder(options: RecorderOptions): Recorder {
  const { journal, audit, now, wait, deadlineMs, retryEveryMs, lastStart } = options;
  let late: AuditDraft[] = [...options.late];
  let dropped = 0;
  let failed: { readonly sinceMs: number; readonly why: string; inputs: number; retryMs: number } | undefined;
  let outstanding: Promise<unknown> | undefined;
  let auditedBelow = 0;
  let markedBelow = 0;

  /**
   * A process that got no processor finds its timers overdue before it hears of what is long on the disk, and that is no fault of the
   * disk. So the time is counted in slices, each once however late it ends, and after the last one the disk is heard once more.
   */
  async function deadline(signal: AbortSignal): Promise<'timeout'> {
    for (let slice = 0; slice < slices && !signal.aborted; slice += 1) await wait(deadlineMs / slices, signal);
    if (!signal.aborted) await wait(0, signal);
    return 'timeout';
  }

  /** The code of what went wrong, `timeout`, or undefined when all is written. */
  async function within(work: () => Promise<void>): Promise<string | undefined> {
    const timer = new AbortController();
    const op = work().then(
      () => undefined,
      (error: unknown) => errorCode(error),
    );
    outstanding = op;
    void op.then(() => (outstanding = outstanding === op ? undefined : outstanding));
    const outcome = await Promise.race([op, deadline(timer.signal).catch(() => 'timeout')]);
    timer.abort();
    return outcome;
  }

  function keep(drafts: readonly AuditDraft[]): void {
    late.push(...drafts);
    if (late.length <= mostLate) return;
    dropped += late.length - mostLate;
    late = late.slice(-mostLate);
  }

  function forget(sent: readonly AuditDraft[]): void {
    const written = new Set(sent);
    late = late.filter((draft) => !written.has(draft));
  }

  async function write(entries: readonly RecordedEntry[]): Promise<void> {
    const mark: JournalDraft[] = auditedBelow > markedBelow ? [{ kind: 'audited', below: auditedBelow }] : [];
    const drafts = [...mark, ...entries.map(({ entry }) => entry)];
    const first = (await journal.append(drafts)) + mark.length;
    if (mark.length > 0) markedBelow = auditedBelow;
    const sent = late;
    const lines = entries.flatMap(({ transitions }, i) =>
      transitions.map((transition) => draftOf(transition, first + i)),
    );
    if (sent.length + lines.length > 0) await audit.record([...sent, ...lines]);
    forget(sent);
    if (entries.length > 0) auditedBelow = first + entries.length;
  }

  return {
    keep,
    failedSinceMs: () => failed?.sinceMs,
    async record(entries) {
      const idle = entries.length === 0;
      if (idle && late.length === 0 && auditedBelow <= markedBelow) return true;
      const why = await within(() => write(entries));
      if (why === undefined) return true;
      failed = { sinceMs: now(), why, inputs: 0, retryMs: now() + retryEveryMs };
      return false;
    },
    miss(entries) {
      if (failed !== undefined) failed.inputs += entries.length;
      keep(
        entries.flatMap(({ transitions }) => transitions.map((transition) => draftOf(transition, undefined, 'outage'))),
      );
    },
    async heal(state, config) {
      const at = failed;
      if (at === undefined || outstanding !== undefined || now() < at.retryMs) return false;
      at.retryMs = now() + retryEveryMs;
      const why = await within(async () => {
        const gap = { fromMs: at.sinceMs, inputs: at.inputs, why: at.why };
        const full = journal.isFull;
        if (full) await journal.rotate(state, config, lastStart);
        const seq = full ? undefined : await journal.append([{ kind: 'state', state, config, lastStart, gap }]);
        const sent = late;
        await audit.record([...sent, gapDraft({ ...gap, toMs: now(), late: sent.length, dropped })]);
        forget(sent);
        dropped = 0;
        if (seq !== undefined) auditedBelow = seq + 1;
      });
      if (why !== undefined) return false;
      failed = undefined;
      return true;
    },
    async rotate(state, config) {
      const why = await within(() => journal.rotate(state, config, lastStart));
      if (why !== undefined) failed = { sinceMs: now(), why, inputs: 0, retryMs: now() };
    },
  };
}
