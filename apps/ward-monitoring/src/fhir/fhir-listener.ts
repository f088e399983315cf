import { setTimeout as wait } from 'node:timers/promises';
import type { FhirConnection } from '@edge-blueprints/clinical-io';
import { errorMessage } from '@edge-blueprints/contracts';
import type { HeardWard, OpenWardListener } from '../ward/ward-listener.js';
import type { WardSurroundings } from '../ward-surroundings.js';
import type { ReportedModel } from './advisory-reports.js';
import type { FhirServerTarget } from './fhir-config.js';
import { openFhirExchange } from './open-fhir-exchange.js';

export interface FhirListenerParts extends Pick<WardSurroundings, 'clock' | 'random' | 'newId' | 'log'> {
  readonly config: FhirServerTarget;
  /** The gateway's state folder. */
  readonly folder: string;
  readonly model?: ReportedModel;
  /** Another way to the server, for tests. */
  readonly connection?: FhirConnection;
}

export interface FhirFigures {
  /** Taken by the server since the start; what waits for it now; set aside because it was refused. */
  readonly written: number;
  readonly waiting: number;
  readonly refused: number;
  readonly retries: number;
}

export interface FhirListener extends OpenWardListener {
  figures(): FhirFigures;
}

/**
 * The FHIR record as a listener of the ward: writes to the server from when it is opened until it is closed.
 * @throws ConfigError `fhir.address`, `fhir.key` when it is opened
 */
export function fhirListener(parts: FhirListenerParts): (ward: HeardWard) => Promise<FhirListener> {
  return async ({ site, ward, now, trail, patientSince, chainOf }) => {
    const { newId, log } = parts;
    const exchange = await openFhirExchange({
      ...parts,
      ward: { site, ward, patientSince, chainOf },
      nowMs: now,
      newId: () => `${newId()}${newId()}`,
      sleep: (ms, signal) => wait(ms, undefined, { signal }),
      trail,
    });
    const stop = new AbortController();
    const running = exchange.run(stop.signal);
    return {
      ...exchange.recorder,
      waiting: () => exchange.waiting(),
      figures() {
        const { written, quarantined, retries } = exchange.written();
        return { written, waiting: exchange.waiting(), refused: quarantined, retries };
      },
      async close() {
        stop.abort();
        await running;
        // A queue that cannot be closed must not keep the rest of the gateway from closing.
        await exchange.close().catch((error: unknown) => log.error('fhir.close', { error: errorMessage(error) }));
      },
    };
  };
}
