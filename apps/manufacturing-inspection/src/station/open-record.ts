import { setTimeout as wait } from 'node:timers/promises';
import { encodePng } from '@edge-blueprints/cameras';
import type { LivePart, Logger, MesView, PartRecord, Random } from '@edge-blueprints/contracts';
import type { StationConfig } from '../config.js';
import type { Templates } from '../frame/templates.js';
import type { InspectedPart } from '../judgement.js';
import { createEvidence } from '../record/evidence.js';
import { startMesDelivery } from '../record/mes-delivery.js';
import { openPartStore } from '../record/part-store.js';
import type { OpenedPartStore } from '../record/part-store.js';
import { createRecorder } from '../record/recorder.js';
import type { Recorder } from '../record/recorder.js';

export interface StationRecord {
  readonly store: OpenedPartStore;
  readonly recorder: Recorder;
  readonly mes: () => MesView;
  readonly close: () => Promise<void>;
}

const retryMs = 1_000;
const mesOff: MesView = { url: null, state: 'off', delivered: 0, pending: 0, dropped: 0, lastError: null };

/** The store, the recorder in front of it and the delivery to the MES behind it. */
export function openStationRecord(
  config: StationConfig,
  deps: {
    readonly templates: Templates | undefined;
    readonly random: Random;
    readonly epochMs: () => number;
    readonly log: Logger;
    readonly mesToken: string | undefined;
    readonly wantsLive: () => boolean;
    readonly publishLive: (part: LivePart, image: Uint8Array) => void;
    readonly onRecord: (record: PartRecord, part: InspectedPart) => void;
  },
): StationRecord {
  const { log, random } = deps;
  const { id, simulated, clockSynchronised } = config.station;
  const store = openPartStore({
    folder: config.record.folder,
    maxBytes: config.record.maxBytes,
    forMes: config.mes !== null,
  });
  const delivery =
    config.mes === null
      ? undefined
      : startMesDelivery(config.mes, {
          outbox: store.outbox,
          log,
          jitter: random.fork('mes').next,
          ...(deps.mesToken === undefined ? {} : { token: deps.mesToken }),
        });
  const run = deps.epochMs().toString(36);
  let parts = 0;
  const sampling = random.fork('pass-images');
  const recorder = createRecorder({
    store,
    evidence: createEvidence(encodePng),
    context: { station: id, simulated, clockSynchronised, epochMs: deps.epochMs },
    newResultId: () => `${id}-${run}-${(parts += 1)}`,
    templateOf: deps.templates?.of,
    samplePass: () => sampling.next() < config.record.passImageSampling,
    wantsLive: deps.wantsLive,
    publishLive: deps.publishLive,
    onRecord: deps.onRecord,
    onStored: () => delivery?.nudge(),
    pause: (stop) => wait(retryMs, undefined, { signal: stop }).catch(() => undefined),
    log,
  });
  return {
    store,
    recorder,
    mes: () => delivery?.view() ?? mesOff,
    close: async () => {
      await recorder.close();
      await delivery?.close();
      await store.close();
    },
  };
}
