import { errorCode, errorMessage } from '@edge-blueprints/contracts';
import type { Logger, RetailRelease } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from '../store/json-file.js';

/** The outbox as the delivery of releases needs it. */
export interface ReleaseOutbox {
  /** Resolves when it is stored. @throws DeviceError `outbox.*` */
  store(release: RetailRelease): Promise<void>;
  state(): Promise<OutboxState>;
}

export interface OutboxState {
  /** Another one after the outbox was lost. */
  readonly epoch: string;
  /** Events that left it without the hub having seen them, ever. */
  readonly lost: number;
  /** Events of the releases' class that the hub has not acknowledged. */
  readonly waiting: number;
}

/**
 * Brings every release of the budget ledger to the outbox. The ledger is written first, so that a crash before the outbox
 * has it, a full disk or a lost outbox leaves a release that was paid for and that the hub never sees. How far the outbox has come is
 * remembered; at a start the ledger's releases after that point are entered. One may be entered twice: the hub keeps each once,
 * by window and ledger hash.
 */
export interface ReleaseDelivery {
  /** Once, before the first new release. @param stored by the ledger, in any order */
  catchUp(stored: readonly RetailRelease[]): void;
  released(release: RetailRelease): void;
  /** Resolves when everything that was given is stored or was refused. */
  close(): Promise<void>;
}

/** Releases are named by the hash of their reservation in the ledger. */
const bookmarkSchema = z.strictObject({
  format: z.literal('edge-release-bookmark/1'),
  epoch: z.string(),
  lost: z.int().min(0),
  /** Up to this one the outbox has all. */
  entered: z.string().nullable(),
  /** Up to this one the hub has all. */
  acknowledged: z.string().nullable(),
});
type Bookmark = Readonly<z.infer<typeof bookmarkSchema>>;

/** A start after a long time enters the newest ones alone. */
const mostCaughtUp = 2_000;
/** Releases wait here while the disk does not answer; what is beyond is entered at the next start. */
const mostWaiting = 5_000;
/** The same release would be refused again. */
const hopeless: readonly string[] = ['outbox.too-large'];

export function createReleaseDelivery(options: {
  readonly file: string;
  readonly outbox: ReleaseOutbox;
  readonly log: Logger;
}): ReleaseDelivery {
  const { file, outbox, log } = options;
  let bookmark: Bookmark | undefined;
  let written: Bookmark | undefined;
  /** Something was not stored: the bookmark stays before it, for the next start. */
  let held = false;
  const waiting: RetailRelease[] = [];
  let work: Promise<void> = Promise.resolve();

  /** Everything that was entered before is with the hub once nothing waits and nothing was lost on the way. */
  const look = async (): Promise<void> => {
    const { epoch, lost, waiting: unacknowledged } = await outbox.state();
    if (bookmark?.epoch !== epoch || bookmark.lost !== lost || unacknowledged > 0) return;
    if (bookmark.acknowledged !== bookmark.entered) bookmark = { ...bookmark, acknowledged: bookmark.entered };
  };
  const enter = async (release: RetailRelease): Promise<void> => {
    try {
      await outbox.store(release);
    } catch (error) {
      // Counted and told by the outbox's owner.
      if (!hopeless.includes(errorCode(error))) held = true;
      return;
    }
    if (!held && bookmark) bookmark = { ...bookmark, entered: release.ledger.hash };
  };
  const attempt = async (what: () => Promise<void>): Promise<void> => {
    try {
      await what();
    } catch (error) {
      held = true;
      log.warn('hub.releases-unknown', { code: errorCode(error), message: errorMessage(error) });
    }
  };
  const drain = async (): Promise<void> => {
    await attempt(look);
    for (let release = waiting.shift(); release !== undefined; release = waiting.shift()) await enter(release);
    save();
  };
  const save = (): void => {
    if (bookmark === undefined || bookmark === written) return;
    try {
      writeJsonFile(file, bookmark);
      written = bookmark;
    } catch (error) {
      log.warn('hub.bookmark-not-written', { file, message: errorMessage(error) });
    }
  };
  /** One after the other: what was told first is stored first. */
  const next = (first: () => Promise<void>): void => {
    work = work.then(() => attempt(first)).then(drain);
  };

  /** Puts what the hub has not, as far as is known, before whatever waits already. */
  const findMissing = async (stored: readonly RetailRelease[]): Promise<void> => {
    const before = readBookmark(file, log);
    const { epoch, lost } = await outbox.state();
    const whole = before?.epoch === epoch && before.lost === lost;
    const acknowledged = before?.acknowledged ?? null;
    const entered = whole ? before.entered : acknowledged;
    bookmark = { format: 'edge-release-bookmark/1', epoch, lost, entered, acknowledged };
    const inOrder = [...stored].sort((a, b) => a.ledger.entry - b.ledger.entry);
    const missing = inOrder.slice(inOrder.findLastIndex(({ ledger }) => ledger.hash === entered) + 1);
    const newest = missing.slice(-mostCaughtUp);
    waiting.unshift(...newest);
    if (missing.length > 0)
      log.info('hub.releases-entered', { count: newest.length, leftOut: missing.length - newest.length });
  };

  return {
    catchUp: (stored) => next(() => findMissing(stored)),
    released: (release) => {
      if (waiting.length < mostWaiting) waiting.push(release);
      else held = true;
      next(async () => undefined);
    },
    close: async () => {
      next(async () => undefined);
      await work;
    },
  };
}

function readBookmark(file: string, log: Logger): Bookmark | undefined {
  try {
    return readJsonFile(file, bookmarkSchema);
  } catch (error) {
    log.warn('hub.bookmark-unreadable', { file, message: errorMessage(error) });
    return undefined;
  }
}
