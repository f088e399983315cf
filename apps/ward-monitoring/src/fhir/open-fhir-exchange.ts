import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  connectFhir,
  createFhirWriter,
  createTokenProvider,
  defaultFhirWriterLimits,
  type FhirConnection,
  type FhirWriterStatus,
} from '@edge-blueprints/clinical-io';
import {
  type AuditTrail,
  type Clock,
  ConfigError,
  errorMessage,
  type Logger,
  type Random,
} from '@edge-blueprints/contracts';
import { type DeliveryStats, openDeliveryQueue } from '@edge-blueprints/telemetry';
import type { ReportedModel } from './advisory-reports.js';
import { createDurableFhirQueue } from './durable-fhir-queue.js';
import type { FhirServerTarget } from './fhir-config.js';
import { createFhirRecorder, type FhirRecorder, type FhirRecorderStats } from './fhir-recorder.js';
import type { RecordedWard } from './recorded-ward.js';

export interface FhirExchangeParts {
  readonly config: FhirServerTarget;
  /** Of the gateway's data; the queue is `fhir-queue.sqlite` in it. */
  readonly folder: string;
  readonly ward: RecordedWard;
  /** The journal clock. */
  readonly nowMs: () => number;
  readonly clock: Clock;
  readonly random: Random;
  /** Random names: of this process, and of each token request. */
  readonly newId: () => string;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly trail: AuditTrail;
  readonly log: Logger;
  readonly model?: ReportedModel;
  /** Another way to the server, for tests. */
  readonly connection?: FhirConnection;
}

export interface FhirExchange {
  readonly recorder: FhirRecorder;
  /** Writes the queue to the server until the signal aborts. Never rejects. */
  run(signal: AbortSignal): Promise<void>;
  /** Resources that wait for the server: `fhirWaiting` of the ward's view. */
  waiting(): number;
  /** Since the start, at once and without asking the disk. */
  written(): FhirWriterStatus;
  status(): Promise<{
    readonly writer: FhirWriterStatus;
    readonly queue: DeliveryStats;
    readonly recorder: FhirRecorderStats;
  }>;
  /** After `run` has ended: open minutes and everything in memory to disk. */
  close(): Promise<void>;
}

/**
 * Recorder, queue on disk and writer of one ward.
 * @throws ConfigError `fhir.address`, `fhir.key`
 */
export async function openFhirExchange(parts: FhirExchangeParts): Promise<FhirExchange> {
  const { config, clock, log, trail } = parts;
  const connection = parts.connection ?? (await connect(parts));
  const store = openDeliveryQueue({ ...config.queue, file: join(parts.folder, 'fhir-queue.sqlite') });
  const host = new URL(config.baseUrl).hostname;
  const place = `${parts.ward.site}/${parts.ward.ward}`;
  const queue = createDurableFhirQueue(store, {
    client: { name: `ward gateway ${place}`, address: `${parts.ward.ward}.${parts.ward.site}` },
    server: { name: host, address: host },
    of: config.audit,
    boot: parts.newId(),
    epochMs: () => clock.epochMs(),
  });
  const writer = createFhirWriter(
    {
      queue,
      connection,
      random: parts.random,
      sleep: parts.sleep,
      onQuarantine: ({ sequence, resource }, reason) => {
        const object = `${resource.resourceType}/${resource.id}`;
        log.warn('fhir.quarantine', { object });
        trail
          .record([
            {
              type: 'fhir.quarantine',
              actor: { id: 'fhir-writer', role: 'gateway' },
              object,
              action: 'set aside',
              outcome: 'failure',
              reason: 'refused-by-server',
              links: { sequence: String(sequence) },
              payload: { said: reason },
            },
          ])
          .catch((error: unknown) => log.warn('fhir.quarantine-unaudited', { object, error: errorMessage(error) }));
      },
    },
    { ...defaultFhirWriterLimits, bundleEntries: config.bundleEntries },
  );
  const recorder = createFhirRecorder({
    queue: store,
    ward: parts.ward,
    clock: { nowMs: parts.nowMs, epochMs: () => clock.epochMs() },
    wake: () => writer.wake(),
    ...(parts.model === undefined ? {} : { model: parts.model }),
  });

  return {
    recorder,
    async run(signal) {
      while (!signal.aborted) {
        try {
          await writer.run(signal);
        } catch (error) {
          // The disk of the queue, not the server: what was sent is sent again, which is the same PUT.
          log.error('fhir.queue-failed', { error: errorMessage(error) });
          await parts.sleep(defaultFhirWriterLimits.maxRetryMs, signal).catch(() => undefined);
        }
      }
    },
    waiting: () => store.depth() + recorder.stats().buffered,
    written: () => writer.status(),
    status: async () => ({ writer: writer.status(), queue: await store.stats(), recorder: recorder.stats() }),
    async close() {
      await recorder.finish();
      await store.close();
    },
  };
}

async function connect({ config, clock, newId }: FhirExchangeParts): Promise<FhirConnection> {
  const { baseUrl, timeoutMs, auth } = config;
  if (auth.kind === 'none') return connectFhir({ baseUrl, timeoutMs });
  const privateKeyPem = await readFile(auth.privateKeyFile, 'utf8').catch((cause: unknown) => {
    throw new ConfigError(
      'fhir.key',
      `fhir.auth.privateKeyFile: ${auth.privateKeyFile} cannot be read (${errorMessage(cause)}); give the PEM of a P-384 or RSA private key`,
      { cause },
    );
  });
  const { tokenUrl, clientId, scope, keyId } = auth;
  const tokens = createTokenProvider({ tokenUrl, clientId, scope, keyId, privateKeyPem, timeoutMs }, { clock, newId });
  return connectFhir({ baseUrl, timeoutMs, tokens });
}
