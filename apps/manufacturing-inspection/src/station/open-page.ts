import type { LivePart, PartRecord, StationView } from '@edge-blueprints/contracts';
import { createDashboardServer, createPinAccess } from '@edge-blueprints/dashboard';
import { partRoutes } from '../api/part-routes.js';
import { stationRoutes } from '../api/station-routes.js';
import type { StationConfig } from '../config.js';
import type { PartStore } from '../record/part-store-port.js';
import type { StationJudging } from './open-judging.js';
import type { OpenedTelemetry } from './open-telemetry.js';
import type { StationDeps } from './open-station.js';

export interface StationPage {
  readonly port: number;
  /** True when somebody looks and the last picture is old enough: at most four a second. */
  wantsLive(): boolean;
  publishLive(part: LivePart, image: Uint8Array): void;
  close(): Promise<void>;
}

const viewEveryMs = 250;
const pictureEveryMs = 250;

/** The page, its API and its live events. */
export async function openStationPage(
  config: StationConfig,
  deps: StationDeps,
  parts: {
    readonly view: () => StationView;
    readonly judging: StationJudging;
    readonly store: PartStore;
    readonly nowIso: () => string;
    readonly overruled: (record: PartRecord) => void;
    readonly telemetry: Pick<OpenedTelemetry, 'drift' | 'prometheus'>;
  },
): Promise<StationPage> {
  const { judging, store } = parts;
  const startGoldenCheck = (): 'started' | 'running' | 'no-set' => {
    if (judging.goldenCheck === undefined) return 'no-set';
    if (judging.interlock.state() === 'running') return 'running';
    void judging.goldenCheck.run();
    return 'started';
  };
  const server = await createDashboardServer(
    {
      config: config.dashboard,
      staticFolder: config.page.folder,
      access: createPinAccess({
        pin: deps.operatorPin,
        pinConfigured: deps.pinConfigured,
        nowMs: deps.clock.monotonicMs,
        newToken: deps.newToken,
      }),
      liveAccess: 'public',
      plainRemote: 'allowed',
      routes: [
        ...partRoutes({ store, nowIso: parts.nowIso, onOverruled: parts.overruled }),
        ...stationRoutes({
          view: parts.view,
          health: () => healthOf(parts.view(), store),
          drift: parts.telemetry.drift,
          prometheus: parts.telemetry.prometheus,
          thresholds: judging.thresholds.view,
          setThreshold: judging.setThreshold,
          startGoldenCheck,
          store,
          validationScores: judging.validationScores,
        }),
      ],
    },
    { logger: deps.log, nowMs: deps.clock.monotonicMs },
  );
  const ticker = setInterval(() => {
    if (server.viewers() > 0) server.publish('view', parts.view());
  }, viewEveryMs);
  let lastPictureMs = Number.NEGATIVE_INFINITY;
  return {
    port: server.port,
    wantsLive: () => {
      const nowMs = deps.clock.monotonicMs();
      if (server.viewers() === 0 || nowMs - lastPictureMs < pictureEveryMs) return false;
      lastPictureMs = nowMs;
      return true;
    },
    publishLive: (part, image) => server.publish('part', part, image),
    close: async () => {
      clearInterval(ticker);
      await server.close();
    },
  };
}

function healthOf(view: StationView, store: PartStore) {
  const { lineState, lineStateReason, engine, camera, plc, golden, mes, drops } = view;
  return {
    ok: lineState === 'Execute' || lineState === 'Idle' || lineState === 'Suspended',
    lineState,
    lineStateReason,
    engine: engine.state,
    camera: camera.connected,
    plc: { connected: plc.connected, state: plc.state },
    golden: golden.state,
    mes: mes.state,
    store: store.stats(),
    drops,
  };
}
