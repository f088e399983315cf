import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Clock, errorCode, errorMessage, type Logger } from '@edge-blueprints/contracts';
import { readCertificateIndex } from './certificate-index.js';
import { listCertificates } from './certificate-listing.js';
import { mosquittoFiles, writeMosquittoRights } from './mosquitto-files.js';
import { cutMosquittoSession } from './mosquitto-session.js';
import type { RevocationList } from './revocation-list.js';
import { openSiteCa, siteCaFiles } from './site-ca.js';

export interface MosquittoRevocation {
  /** Resolves when everything that is known so far has been carried out. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Carries revocations and new certificates to a Mosquitto on this machine: the rights of who is let in, the CRL where the
 * CA's key is at hand, SIGHUP, and then each revoked session is cut. Done once at the start too, for what happened meanwhile.
 */
export function carryRevocationsToMosquitto(options: {
  readonly revocations: RevocationList;
  readonly caFolder: string;
  /** Folder that `site-ca mosquitto` wrote; Mosquitto's pid file is there. */
  readonly out: string;
  readonly controlSocket: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** The broker reads its files a moment after the signal; whoever came back in between is cut by the last one. */
  readonly cutAfterMs?: readonly number[];
  /** How often the index of the CA is looked at for new certificates. */
  readonly lookMs?: number;
}): MosquittoRevocation {
  const { revocations, caFolder, out, clock, log } = options;
  const stop = new AbortController();
  let wanted = true;
  let running: Promise<void> | null = null;
  let reported = '';

  const report = (step: string, error: unknown): void => {
    const line = `${step}: ${errorMessage(error)}`;
    if (line !== reported)
      log.error('identity.mosquitto', { step, code: errorCode(error), message: errorMessage(error) });
    reported = line;
  };
  const step = async (name: string, work: () => Promise<void> | void): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!stop.signal.aborted) report(name, error);
    }
  };
  const carry = async (): Promise<void> => {
    const denied = revocations.list().filter((entry) => revocations.isDenied(entry.name, null));
    await step('rights', () => {
      const records = readCertificateIndex(join(caFolder, siteCaFiles.index));
      writeMosquittoRights(out, listCertificates(records, revocations, clock.epochMs()));
    });
    await step('crl', async () => {
      // The key may be kept elsewhere; then the rights alone shut out, and the CRL comes by `site-ca crl`.
      await (await openSiteCa(caFolder, clock, log)).writeCrl();
    });
    await step('reload', () => {
      process.kill(Number(readFileSync(join(out, mosquittoFiles.pid), 'utf8').trim()), 'SIGHUP');
    });
    for (const pauseMs of options.cutAfterMs ?? [300, 2_000]) {
      if (denied.length === 0) return;
      await step('pause', () => wait(pauseMs, undefined, { signal: stop.signal }));
      for (const { name } of denied)
        if (!stop.signal.aborted) await step('cut', () => cutMosquittoSession(options.controlSocket, name));
    }
  };
  const run = (): void => {
    wanted = true;
    running ??= (async () => {
      while (wanted && !stop.signal.aborted) {
        wanted = false;
        await carry();
      }
      running = null;
    })();
  };

  const index = join(caFolder, siteCaFiles.index);
  const stampOfIndex = (): string => {
    const found = statSync(index, { throwIfNoEntry: false });
    return found === undefined ? '' : `${found.mtimeMs}/${found.size}`;
  };
  let seen = stampOfIndex();
  const looking = setInterval(() => {
    const stamp = stampOfIndex();
    if (stamp !== seen) run();
    seen = stamp;
  }, options.lookMs ?? 1_000).unref();
  const stopListening = revocations.onChange(run);
  run();
  const settled = async (): Promise<void> => {
    while (running !== null) await running;
  };
  return {
    settled,
    async close() {
      stopListening();
      clearInterval(looking);
      stop.abort();
      await settled();
    },
  };
}
