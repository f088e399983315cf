import type { AuditDraft, AuditEntry, Logger } from '@edge-blueprints/contracts';
import { DeviceError, EdgeError, errorMessage } from '@edge-blueprints/contracts';
import { cleanDraft, systemActor, type EntryStamp, type StampedEntry } from './entry-stamp.js';
import type { PayloadStore } from './payload-store.js';
import type { PublishedLog } from './published-log.js';
import type { WriteAheadLog } from './write-ahead-log.js';

interface Waiting {
  readonly drafts: readonly AuditDraft[];
  readonly resolve: (entries: readonly AuditEntry[]) => void;
  readonly reject: (error: unknown) => void;
}

export interface CommitQueue {
  record(drafts: readonly AuditDraft[]): Promise<readonly AuditEntry[]>;
  /** Runs while nothing is being committed. */
  exclusive<T>(work: () => Promise<T>): Promise<T>;
  status(): { readonly refused: number; readonly fault: string | undefined };
}

/** Most drafts that share one write to the disk. */
const groupSize = 1_000;

/**
 * Group commit: what comes while the disk is busy goes together in the next write, so that nobody waits for a timer and a
 * burst costs one sync. Entries are in the order of the calls.
 */
export function createCommitQueue(options: {
  readonly stamp: EntryStamp;
  readonly wal: WriteAheadLog;
  readonly payloads: PayloadStore;
  readonly log: PublishedLog;
  readonly logger: Logger;
  readonly maxWaiting: number;
  readonly maxUnpublished: number;
}): CommitQueue {
  const { stamp, wal, payloads, log, logger } = options;
  const waiting: Waiting[] = [];
  let waitingDrafts = 0;
  let running = false;
  let chain: Promise<unknown> = Promise.resolve();
  let refused = 0;
  /** Refused since the disk took something the last time; the next entry that is taken tells so. */
  let undeclared = 0;
  let fault: string | undefined;

  function exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = chain.then(work);
    chain = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  async function drain(): Promise<void> {
    running = true;
    while (waiting.length > 0) await exclusive(() => commit(takeGroup()));
    running = false;
  }

  function takeGroup(): readonly Waiting[] {
    let drafts = 0;
    const count = waiting.findIndex((one) => (drafts += one.drafts.length) > groupSize);
    const group = waiting.splice(0, count < 0 ? waiting.length : Math.max(1, count));
    for (const one of group) waitingDrafts -= one.drafts.length;
    return group;
  }

  async function commit(group: readonly Waiting[]): Promise<void> {
    const stamped: StampedEntry[] = [];
    const answers: { readonly call: Waiting; readonly entries: readonly AuditEntry[] }[] = [];
    const add = (drafts: readonly AuditDraft[]): readonly StampedEntry[] => {
      const first = log.size() + stamped.length;
      const made = drafts.map((draft, i) => stamp.stamp(draft, first + i));
      stamped.push(...made);
      return made;
    };
    const step = stamp.clockStep();
    if (step !== undefined) add([step]);
    if (undeclared > 0) add([refusalGap(undeclared)]);
    for (const call of group) {
      try {
        answers.push({ call, entries: add(call.drafts).map(({ entry }) => entry) });
      } catch (error) {
        call.reject(error);
      }
    }
    try {
      if (log.size() - log.newest().size + stamped.length > options.maxUnpublished)
        throw new DeviceError(
          'audit.write',
          `${options.maxUnpublished} entries wait for tiles that the disk does not take`,
          {
            retry: 'safe',
          },
        );
      await payloads.append(stamped.flatMap(({ payload }) => payload ?? []));
      await wal.append(stamped.map(({ entry, bytes }) => ({ seq: entry.seq, bytes })));
    } catch (cause) {
      const error =
        cause instanceof EdgeError
          ? cause
          : new DeviceError('audit.write', `The disk does not take the trail: ${errorMessage(cause)}`, {
              cause,
              retry: 'safe',
            });
      const lost = answers.reduce((sum, { entries }) => sum + entries.length, 0);
      refused += lost;
      undeclared += lost;
      fault = error.message;
      logger.error('audit.write', { entries: lost, error: error.message });
      for (const { call } of answers) call.reject(error);
      return;
    }
    for (const { bytes } of stamped) log.append(bytes);
    if (step !== undefined) stamp.stepDeclared();
    undeclared = 0;
    fault = undefined;
    for (const { call, entries } of answers) call.resolve(entries);
  }

  return {
    exclusive,
    record: (drafts) =>
      new Promise((resolve, reject) => {
        if (waitingDrafts + drafts.length > options.maxWaiting) {
          refused += drafts.length;
          undeclared += drafts.length;
          reject(
            new DeviceError(
              'audit.write',
              `${waitingDrafts} entries wait for the disk already; ${drafts.length} were refused`,
              {
                retry: 'safe',
              },
            ),
          );
          return;
        }
        try {
          waiting.push({ drafts: drafts.map((draft) => cleanDraft(draft)), resolve, reject });
        } catch (error) {
          reject(error);
          return;
        }
        waitingDrafts += drafts.length;
        if (!running) void drain();
      }),
    status: () => ({ refused, fault }),
  };
}

function refusalGap(count: number): AuditDraft {
  return {
    type: 'audit.gap',
    actor: systemActor,
    action: 'declare',
    outcome: 'failure',
    reason: 'the disk did not take entries',
    links: { refused: String(count) },
  };
}
