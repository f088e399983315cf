import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createSyslogConnector, createWitnessLink, startSiemFeed } from '@edge-blueprints/audit';
import type { AuditLog, SiemFeed } from '@edge-blueprints/audit';
import { ConfigError, errorMessage } from '@edge-blueprints/contracts';
import type { Logger } from '@edge-blueprints/contracts';
import type { WardConfig } from './config.js';

export interface RecordLinks {
  /** Public key of the witness, where there is one. */
  readonly witnessVkey: string | undefined;
  siemWaiting(): number;
  close(): Promise<void>;
}

/** Witness and SIEM: both read what the trail has signed, and nothing waits for them. @throws ConfigError `ward.file-unreadable` */
export async function openRecordLinks(
  config: WardConfig['audit'],
  log: AuditLog,
  deps: { readonly epochMs: () => number; readonly logger: Logger },
): Promise<RecordLinks> {
  const stop = new AbortController();
  const { witness, siem } = config;
  const witnessVkey = witness === undefined ? undefined : readText(witness.vkeyFile).trim();
  let asking = false;
  if (witness !== undefined && witnessVkey !== undefined) {
    const link = createWitnessLink({ log, url: witness.url, vkey: witnessVkey });
    /** One at a time; what was signed meanwhile is asked for in one go, so that the last checkpoint is never left out. */
    const ask = async (): Promise<void> => {
      if (asking) return;
      asking = true;
      try {
        for (let size = -1; size < log.newestCheckpoint().size && !stop.signal.aborted;)
          ({ size } = await link.submit(log.newestCheckpoint(), stop.signal));
      } catch (error) {
        // A witness that is away is asked again at the next checkpoint.
        if (!stop.signal.aborted) deps.logger.warn('audit.witness', { reason: errorMessage(error) });
      } finally {
        asking = false;
      }
    };
    log.onCheckpoint(() => void ask());
  }
  let feed: SiemFeed | undefined;
  if (siem !== undefined) {
    const connect = createSyslogConnector({
      host: siem.host,
      port: siem.port,
      ...(siem.serverName === undefined ? {} : { serverName: siem.serverName }),
      ca: readText(siem.caFile),
      cert: readText(siem.certFile),
      key: readText(siem.keyFile),
    });
    const folder = join(config.folder, 'siem');
    feed = await startSiemFeed(
      { log, folder, connect, hostname: hostname(), processId: process.pid, ...deps },
      stop.signal,
    );
  }
  return {
    witnessVkey,
    siemWaiting: () => feed?.status().behind ?? 0,
    async close() {
      stop.abort();
      await feed?.ended;
    },
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError('ward.file-unreadable', `${file} cannot be read: ${errorMessage(cause)}`, { cause });
  }
}
