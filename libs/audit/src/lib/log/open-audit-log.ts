import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditDraft, AuditEntry } from '@edge-blueprints/contracts';
import { DeviceError, UsageError, errorMessage } from '@edge-blueprints/contracts';
import type { AuditLog, AuditLogOptions, StoredEntry } from './audit-log.js';
import type { Checkpoint } from './checkpoint-note.js';
import { checkpointDue, standardPolicy } from './checkpoint-policy.js';
import { createCommitQueue } from './commit-queue.js';
import { createEntryStamp, systemActor } from './entry-stamp.js';
import { leafHash, tileWidth } from './merkle-tree.js';
import { createPayloadStore } from './payload-store.js';
import { openPublishedLog } from './published-log.js';
import { recoverTail } from './recover-tail.js';
import { widthAt } from './tile-path.js';
import { consistencyPath, inclusionPath } from './tree-proofs.js';
import { openWriteAheadLog } from './write-ahead-log.js';
import { takeWriterLock } from './writer-lock.js';

/**
 * Opens or makes the trail. What a crash or power cut left is recovered up to the last whole record and declared in the
 * log as `audit.gap`; every start is an entry of its own.
 * @throws ConfigError `audit.in-use`
 * @throws DeviceError `audit.damaged` (start with a new folder, keep this one) or `audit.write`
 */
export async function openAuditLog(options: AuditLogOptions): Promise<AuditLog> {
  await mkdir(options.folder, { recursive: true });
  const unlock = takeWriterLock(options.folder);
  try {
    return await open(options, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function open(options: AuditLogOptions, unlock: () => void): Promise<AuditLog> {
  const { folder, origin, clock, logger } = options;
  const policy = { ...standardPolicy, ...options.policy };
  const files = options.openFile === undefined ? {} : { openFile: options.openFile };
  const { found, wal } = await openWriteAheadLog({
    folder,
    segmentBytes: options.walSegmentBytes ?? 2 ** 20,
    ...files,
  });
  const isNew = found.records.length === 0;
  const log = await openPublishedLog({ folder: join(folder, 'log'), origin, signers: options.signers, isNew });
  const payloads = createPayloadStore(folder, options.openFile);
  const recovered = await recoverTail(log, found);
  const { last } = recovered;
  if (last?.boot === options.boot)
    throw new UsageError(
      'audit.boot',
      `The boot id ${options.boot} is the one of the start before: give each start its own`,
    );
  const stamp = createEntryStamp({
    ...{ origin, boot: options.boot, clock, clockState: options.clockState },
    randomBytes: options.randomBytes ?? ((count) => randomBytes(count)),
    lastWallMs: last === undefined ? undefined : Date.parse(last.tWall),
  });
  const queue = createCommitQueue({
    ...{ stamp, wal, payloads, log, logger },
    maxWaiting: options.maxWaiting ?? 10_000,
    maxUnpublished: options.maxUnpublished ?? 50_000,
  });

  const listeners = new Set<(checkpoint: Checkpoint) => void>();
  let lastMs = clock.monotonicMs();
  let publishing: Promise<Checkpoint> | undefined;
  let waiting: Promise<Checkpoint> | undefined;
  let closed = false;

  async function publish(): Promise<Checkpoint> {
    try {
      const checkpoint = await log.publish();
      lastMs = clock.monotonicMs();
      await queue.exclusive(() => wal.dropBelow(checkpoint.size));
      for (const listener of listeners) listener(checkpoint);
      return checkpoint;
    } catch (cause) {
      throw new DeviceError(
        'audit.write',
        `The disk does not take the checkpoint in ${folder}: ${errorMessage(cause)}`,
        {
          cause,
          retry: 'safe',
        },
      );
    }
  }
  /** One at a time; who asks while one runs gets the next one, which holds all that was recorded before. */
  function checkpoint(): Promise<Checkpoint> {
    if (publishing === undefined) {
      publishing = publish().finally(() => (publishing = undefined));
      return publishing;
    }
    waiting ??= publishing
      .then(
        () => undefined,
        () => undefined,
      )
      .then(() => {
        waiting = undefined;
        return checkpoint();
      });
    return waiting;
  }
  const inBackground = (): void => {
    checkpoint().catch((error: unknown) => logger.error('audit.checkpoint', { error: errorMessage(error) }));
  };
  const record = async (drafts: readonly AuditDraft[]): Promise<readonly AuditEntry[]> => {
    if (closed) throw new UsageError('audit.closed', 'The trail was closed; nothing is recorded any more');
    const entries = await queue.record(drafts);
    if (entries.some((entry) => policy.atOnce(entry))) inBackground();
    return entries;
  };
  const system = (type: string, action: string, more: Partial<AuditDraft> = {}): AuditDraft => ({
    ...{ type, actor: systemActor, action, outcome: 'success' as const },
    ...more,
  });

  if (last !== undefined && (last.type !== 'audit.stopped' || found.cutBytes > 0))
    await record([
      system('audit.gap', 'declare', {
        reason: found.cutBytes > 0 ? 'unclean tail' : 'unclean stop',
        links: {
          previousBoot: last.boot,
          cutBytes: String(found.cutBytes),
          ...(found.cutSha256 === undefined ? {} : { cutSha256: found.cutSha256 }),
        },
      }),
    ]);
  await record([system('audit.started', 'start', { links: { recovered: String(recovered.count) } })]);
  await checkpoint();
  const timer = setInterval(
    () => {
      if (publishing !== undefined) return;
      const waitingEntries = log.size() - log.newest().size;
      if (checkpointDue(policy, { nowMs: clock.monotonicMs(), lastMs, waiting: waitingEntries })) inBackground();
    },
    Math.max(10, Math.min(policy.activeMs, policy.idleMs) / 4),
  );
  timer.unref();

  async function entryAt(seq: number): Promise<Buffer> {
    const index = Math.floor(seq / tileWidth);
    const bundle = await log.tiles.readBundle(index, Math.max(1, widthAt(0, index, log.newest().size)));
    const bytes = bundle[seq % tileWidth];
    if (bytes === undefined) throw new UsageError('audit.range', `Entry ${seq} is not under the newest checkpoint`);
    return bytes;
  }

  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    clearInterval(timer);
    // What was handed in before goes before; from here on nothing can land behind the last entry.
    closed = true;
    try {
      await queue.record([system('audit.stopped', 'stop')]);
      await checkpoint();
    } finally {
      await queue.exclusive(async () => {
        await wal.close();
        await payloads.close();
      });
      unlock();
    }
  }

  return {
    origin,
    record,
    checkpoint,
    status: () => ({ size: log.size(), checkpointSize: log.newest().size, ...queue.status() }),
    newestCheckpoint: () => log.newest(),
    onCheckpoint: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    addSignatures: (signed) => queue.exclusive(() => log.addSignatures(signed)),
    prove: async (seq) => {
      const head = log.newest();
      const path = await inclusionPath(log.tiles.readTile, seq, head.size);
      return { seq, entry: storedEntry(await entryAt(seq)), path, checkpoint: head };
    },
    proveConsistency: (oldSize, size) => consistencyPath(log.tiles.readTile, oldSize, size ?? log.newest().size),
    read: async function* ({ from, to }) {
      const end = Math.min(to ?? Infinity, log.newest().size);
      for (let seq = Math.max(0, from); seq < end;) {
        const index = Math.floor(seq / tileWidth);
        const bundle = await log.tiles.readBundle(index, Math.min(tileWidth, end - index * tileWidth));
        for (; seq < end && Math.floor(seq / tileWidth) === index; seq += 1)
          yield storedEntry(bundle[seq % tileWidth] ?? Buffer.alloc(0));
      }
    },
    payload: async (seq) => {
      const commitment = entryOf(await entryAt(seq)).payloadCommit;
      return commitment === undefined ? undefined : payloads.find(seq, commitment);
    },
    erasePayloads: async (seqs, by) => {
      await record([{ ...system('audit.erased', 'delete', by), object: `payloads ${seqs.join(',')}` }]);
      return queue.exclusive(() => payloads.erase(seqs));
    },
    raiseMinimumIndex: async (index, by) => {
      if (!Number.isSafeInteger(index) || index < 0 || index > log.newest().size)
        throw new UsageError('audit.range', `The minimum index ${index} must lie in 0 to ${log.newest().size}`);
      await record([{ ...system('audit.retention', 'delete', by), links: { minimumIndex: String(index) } }]);
      await checkpoint();
      await log.tiles.prune(index);
    },
    close: () => (closing ??= close()),
  };
}

function storedEntry(bytes: Buffer): StoredEntry {
  return { entry: entryOf(bytes), bytes, leaf: leafHash(bytes) };
}

function entryOf(bytes: Buffer): AuditEntry {
  return JSON.parse(bytes.toString('utf8'));
}
