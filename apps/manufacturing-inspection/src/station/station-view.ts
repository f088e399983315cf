import type {
  DriftView,
  EngineHealth,
  FrameSourceStats,
  MesView,
  PartRecord,
  PlcLinkStatus,
  StationView,
  ThresholdView,
  UplinkView,
} from '@edge-blueprints/contracts';
import type { StationConfig } from '../config.js';
import type { PartJoinStats } from '../frame/part-join.js';
import type { GoldenInterlock } from '../golden/golden-interlock.js';
import type { PartStoreStats } from '../record/part-store-port.js';
import type { StatisticsView } from '../statistics/station-statistics.js';
import { lineStateOf } from './line-state.js';

/** Everything that the page shows, as it is at the moment. */
export interface StationSituation {
  readonly nowIso: string;
  readonly statistics: StatisticsView;
  readonly plc: PlcLinkStatus;
  readonly camera: FrameSourceStats & { readonly id: string; readonly lastFrameAt: string | null };
  readonly engine: EngineHealth;
  readonly model: PartRecord['model'];
  readonly bundleUse: StationView['engine']['bundleUse'];
  readonly golden: GoldenInterlock;
  readonly lightFault: boolean;
  readonly storeFull: boolean;
  readonly idleMs: number | undefined;
  readonly mes: MesView;
  readonly uplink: UplinkView | null;
  readonly drift: DriftView | null;
  readonly thresholds: readonly ThresholdView[];
  readonly join: PartJoinStats;
  readonly recordDrops: Readonly<Record<string, number>>;
  readonly telemetryDrops: Readonly<Record<string, number>>;
  readonly store: PartStoreStats;
}

export function stationView(config: StationConfig, version: string, now: StationSituation): StationView {
  const { camera, plc, model } = now;
  const bypassed = plc.statusBits.includes('BYPASSED');
  return {
    station: config.station.id,
    version,
    at: now.nowIso,
    simulated: config.station.simulated,
    ...lineStateOf({
      engineState: now.engine.state,
      engineDetail: now.engine.detail,
      cameraConnected: camera.connected,
      lightFault: now.lightFault,
      storeFull: now.storeFull,
      golden: config.golden.required ? now.golden.state() : 'passed',
      goldenDetail: now.golden.view(bypassed).detail,
      bypassed,
      plc,
      idleMs: now.idleMs,
    }),
    ...now.statistics,
    plc,
    camera: {
      id: camera.id,
      connected: camera.connected,
      captured: camera.captured,
      superseded: camera.superseded,
      corrupt: camera.corrupt,
      lastFrameAt: camera.lastFrameAt,
    },
    engine: {
      state: now.engine.state,
      provider: model.provider,
      variant: model.variant,
      modelDigest: model.digest,
      degradationLevel: model.degradationLevel,
      degradationReason: now.engine.detail,
      bundle: model.bundle,
      bundleVersion: model.version,
      bundleUse: now.bundleUse,
    },
    golden: now.golden.view(bypassed),
    mes: now.mes,
    uplink: now.uplink,
    drift: withoutDistributions(now.drift),
    thresholds: now.thresholds,
    drops: {
      'frame.superseded': camera.superseded,
      'frame.corrupt': camera.corrupt,
      'join.no-trigger': now.join.framesWithoutTrigger,
      'join.no-frame': now.join.triggersWithoutFrame,
      'plc.missed-trigger': plc.missedTriggers,
      'plc.overrun': plc.overruns,
      ...now.recordDrops,
      ...now.telemetryDrops,
      ...Object.fromEntries(Object.entries(now.store.dropped).map(([name, count]) => [`store.${name}`, count])),
    },
  };
}

/** The view is pushed four times a second; the curves are asked for when somebody looks at them. */
function withoutDistributions(drift: DriftView | null): DriftView | null {
  return drift && { ...drift, features: drift.features.map((feature) => ({ ...feature, distribution: null })) };
}
