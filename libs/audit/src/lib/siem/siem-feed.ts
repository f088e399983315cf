import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { errorCode, errorMessage, formatSyslog, type Logger } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { AuditLog, StoredEntry } from '../log/audit-log.js';
import type { Checkpoint } from '../log/checkpoint-note.js';
import { writeDurably } from '../log/durable-files.js';
import { ocsfOfCheckpoint, ocsfOfEntry, syslogSeverityOf, type OcsfEvent } from './ocsf-event.js';
import type { SyslogConnection, SyslogConnector } from './syslog-receiver.js';

const cursorSchema = z.strictObject({ next: z.int().nonnegative() });
/** `authpriv`, as RFC 5424 numbers it: with severity notice it is priority 85. */
const facility = 10;
const tileEntries = 256;

export interface SiemFeedOptions {
  readonly log: AuditLog;
  /** Holds `siem-cursor.json`. */
  readonly folder: string;
  readonly connect: SyslogConnector;
  readonly hostname: string;
  readonly processId: number;
  readonly epochMs: () => number;
  readonly logger: Logger;
  /** Entries that are sent again after a connection was lost: what the receiver may not have read. */
  readonly resendEntries?: number;
  /** Entries that may wait; older ones are skipped, and the log says so. */
  readonly maxBehind?: number;
  readonly retryMs?: number;
}

export interface SiemFeed {
  status(): {
    readonly next: number;
    readonly behind: number;
    readonly skipped: number;
    readonly fault: string | undefined;
  };
  /** Ends after the signal; entries that wait are sent after the next start. */
  readonly ended: Promise<void>;
}

/**
 * Sends what is under a checkpoint to the SIEM, then the checkpoint itself as an anchor. The trail is its own spool: nothing
 * is written twice, and what the SIEM has is what was signed. At least once: `seq` tells duplicates, and plain syslog has no
 * acknowledgement, so that after each loss of the connection some entries go again.
 */
export async function startSiemFeed(options: SiemFeedOptions, signal: AbortSignal): Promise<SiemFeed> {
  const { log, logger } = options;
  const resend = options.resendEntries ?? tileEntries;
  const maxBehind = options.maxBehind ?? 5_000_000;
  const file = join(options.folder, 'siem-cursor.json');
  await mkdir(options.folder, { recursive: true });
  let next = await readCursor(file);
  let saved = next;
  let skipped = 0;
  let fault: string | undefined;

  const keep = async (): Promise<void> => {
    if (saved === next) return;
    await writeDurably(file, Buffer.from(`${JSON.stringify({ next })}\n`), 0o600);
    saved = next;
  };
  const message = (
    messageId: string,
    severity: number,
    params: Readonly<Record<string, string>>,
    event: OcsfEvent,
  ): Uint8Array =>
    formatSyslog({
      ...{ facility, severity, hostname: options.hostname, appName: 'edge-ward', processId: String(options.processId) },
      ...{ messageId, element: { name: 'audit', params }, text: JSON.stringify(event) },
      at: new Date(event.time).toISOString(),
    });
  const sendEntry = (connection: SyslogConnection, { entry, leaf }: StoredEntry, head: Checkpoint): Promise<void> => {
    const hash = leaf.toString('base64');
    const params = { seq: String(entry.seq), leaf: hash, size: String(head.size), root: head.root };
    return connection.send(message(entry.type, syslogSeverityOf(entry), params, ocsfOfEntry(entry, hash)));
  };
  const sendCheckpoint = (connection: SyslogConnection, head: Checkpoint): Promise<void> => {
    const params = { size: String(head.size), root: head.root };
    return connection.send(message('audit.checkpoint', 5, params, ocsfOfCheckpoint(head, options.epochMs())));
  };

  /** The gap is in the log, and by that in the SIEM, before anything behind it is sent. */
  async function skipTo(to: number, why: string): Promise<void> {
    const by = { actor: { id: 'siem-feed', role: 'system' }, action: 'skip', outcome: 'failure' as const };
    const links = { from: String(next), to: String(to - 1) };
    await log.record([{ ...by, type: 'audit.gap', reason: `entries not sent to the SIEM: ${why}`, links }]);
    skipped += to - next;
    next = to;
  }

  async function catchUp(connection: SyslogConnection): Promise<Checkpoint> {
    const head = log.newestCheckpoint();
    if (head.size - next > maxBehind) await skipTo(head.size - maxBehind, `more than ${maxBehind} waited`);
    try {
      for await (const entry of log.read({ from: next, to: head.size })) {
        await sendEntry(connection, entry, head);
        next = entry.entry.seq + 1;
        if (next - saved >= 1_000) await keep();
      }
    } catch (error) {
      if (errorCode(error) !== 'audit.damaged') throw error;
      await skipTo(Math.min(head.size, (Math.floor(next / tileEntries) + 1) * tileEntries), 'they were removed');
      return catchUp(connection);
    }
    await sendCheckpoint(connection, head);
    await keep();
    return head;
  }

  async function serve(connection: SyslogConnection): Promise<void> {
    const stop = AbortSignal.any([signal, connection.gone]);
    let wake: () => void = () => undefined;
    let isNew = false;
    const forget = log.onCheckpoint(() => {
      isNew = true;
      wake();
    });
    stop.addEventListener('abort', () => wake(), { once: true });
    try {
      while (!stop.aborted) {
        isNew = false;
        await catchUp(connection);
        fault = undefined;
        if (!isNew && !stop.aborted) await new Promise<void>((resolve) => (wake = resolve));
      }
      if (!signal.aborted) connection.gone.throwIfAborted();
    } finally {
      forget();
      connection.close();
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        const connection = await options.connect(signal);
        next = Math.max(0, Math.min(next, log.newestCheckpoint().size) - resend);
        await serve(connection);
      } catch (error) {
        if (signal.aborted) break;
        fault = errorMessage(error);
        logger.warn('siem.fault', { error: fault, next });
        await wait(options.retryMs ?? 2_000, undefined, { signal }).catch(() => undefined);
      }
    }
    await keep().catch((error: unknown) => logger.warn('siem.cursor', { error: errorMessage(error) }));
  }

  return {
    status: () => ({ next, behind: Math.max(0, log.status().size - next), skipped, fault }),
    ended: run(),
  };
}

async function readCursor(file: string): Promise<number> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '{"next":0}';
    throw error;
  });
  // A cursor that cannot be read costs duplicates only.
  try {
    return cursorSchema.parse(JSON.parse(text)).next;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return 0;
    throw error;
  }
}
