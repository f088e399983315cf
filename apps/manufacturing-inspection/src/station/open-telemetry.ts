import { hostname } from 'node:os';
import { encodePng } from '@edge-blueprints/cameras';
import type { DeviceInfo, DriftView, PartRecord, UplinkView } from '@edge-blueprints/contracts';
import { createLabelSampler } from '@edge-blueprints/drift';
import { createDeviceHealth, createMetrics, openTelemetryUplink } from '@edge-blueprints/telemetry';
import type { Metrics } from '@edge-blueprints/telemetry';
import type { StationConfig } from '../config.js';
import { createDriftWatch, type DriftWatch } from '../drift/drift-watch.js';
import { createLabelCandidates, type LabelCandidates } from '../drift/label-candidates.js';
import { responseOutput } from '../drift/part-features.js';
import type { Templates } from '../frame/templates.js';
import type { InspectedPart } from '../judgement.js';
import { createStationTelemetry } from '../telemetry/station-telemetry.js';
import type { StationEngine } from './open-engine.js';
import type { StationDeps } from './open-station.js';

export interface OpenedTelemetry {
  sawPart(record: PartRecord, part: InspectedPart): void;
  overruled(record: PartRecord): void;
  /** Once the page has its port. */
  introduce(pageUrl: string): void;
  prometheus(): Promise<string>;
  uplink(): UplinkView | null;
  drift(): DriftView | null;
  drops(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

/** Metrics, drift, label sampling and the way to the hub. All of it hangs on the record of a part, never on its verdict. */
export async function openTelemetry(
  config: StationConfig,
  engine: StationEngine,
  deps: Pick<StationDeps, 'clock' | 'random' | 'log' | 'version'> & {
    readonly templates: Templates | undefined;
    /** Gauges of the station, and its totals of what was dropped. */
    readonly observe: (metrics: Metrics) => Readonly<Record<string, number>>;
  },
): Promise<OpenedTelemetry> {
  const { clock, random, log } = deps;
  const { manifest } = engine;
  const { simulated } = config.station;
  const metrics = createMetrics({
    resource: {
      'service.name': 'manufacturing-inspection',
      'service.version': deps.version,
      'service.instance.id': config.station.id,
      'host.name': hostname(),
    },
    monotonicMs: clock.monotonicMs,
  });
  const uplink =
    config.hub === null
      ? undefined
      : await openTelemetryUplink(config.hub, { clock, random: random.fork('hub'), log, simulated });
  const telemetry = createStationTelemetry({
    metrics,
    health: createDeviceHealth({ dataFolder: config.record.folder, monotonicMs: clock.monotonicMs }),
    uplink,
    reportEveryMs: config.telemetry.reportEveryMs,
    observe: (to) => ({
      ...deps.observe(to),
      'drift.skipped': drift?.skipped() ?? 0,
      'label.skipped': labels?.skipped() ?? 0,
    }),
    log,
  });
  const templateOf = deps.templates?.of;
  const drift: DriftWatch | undefined =
    config.drift === null || engine.drift === null
      ? undefined
      : createDriftWatch({
          config: config.drift,
          reference: engine.drift,
          bundle: manifest,
          responseOutput: responseOutput(manifest.postprocess),
          templateOf,
          emitReport: (report) => telemetry.emit('edge-blueprints.drift-report.v1', 'metric', report),
          emitAlarm: (alarm) => telemetry.emit('edge-blueprints.drift-alarm.v1', 'critical', alarm),
          metrics,
          clock,
          random: random.fork('drift'),
          log,
        });
  const labels: LabelCandidates | undefined =
    config.labels === null || config.hub === null
      ? undefined
      : createLabelCandidates({
          sampler: createLabelSampler({
            labelsPerDay: config.labels.perDay,
            partsPerDay: config.labels.partsPerDay,
            minimumPerStratum: config.labels.minimumPerStratum,
            uncertaintyTilt: 0,
            random: random.fork('labels'),
          }),
          encode: async ({ width, height, ...picture }) => {
            const { bytes } = await encodePng({ width, height, ...picture });
            return { mime: 'image/png', width, height, bytes };
          },
          templateOf,
          emit: (candidate) => telemetry.emit('edge-blueprints.label-candidate.v1', 'business', candidate),
          clock,
          log,
        });
  const info: Omit<DeviceInfo, 'pageUrl'> = {
    app: 'manufacturing-inspection',
    version: deps.version,
    target: config.telemetry.target,
    bundle: manifest.name,
    bundleVersion: manifest.version,
    variant: engine.model.variant,
    provider: engine.model.provider,
  };
  return {
    sawPart: (record, part) => {
      telemetry.sawPart(record, part);
      drift?.sawPart(record, part);
      labels?.sawPart(record, part);
    },
    overruled: telemetry.overruled,
    introduce: (pageUrl) => telemetry.emit('edge-blueprints.device-info.v1', 'business', { ...info, pageUrl }),
    prometheus: metrics.prometheus,
    uplink: telemetry.uplink,
    drift: () => drift?.view() ?? null,
    drops: telemetry.drops,
    close: async () => {
      await drift?.close();
      await labels?.close();
      await telemetry.close();
    },
  };
}
