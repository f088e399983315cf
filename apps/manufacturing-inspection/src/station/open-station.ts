import { join } from 'node:path';
import { createCamera } from '@edge-blueprints/cameras';
import type { Clock, FrameSource, Logger, PartRecord, PlcLink, Random } from '@edge-blueprints/contracts';
import { errorMessage } from '@edge-blueprints/contracts';
import { bundleUse } from '@edge-blueprints/inference';
import { closeInReverse } from '@edge-blueprints/pipeline';
import { createFileCounterStore, createPlcLink } from '@edge-blueprints/plc';
import type { StationConfig } from '../config.js';
import { runDataPath } from '../data-path.js';
import type { Schedule } from '../frame/part-join.js';
import type { InspectedPart } from '../judgement.js';
import { createStationStatistics } from '../statistics/station-statistics.js';
import { openStationEngine } from './open-engine.js';
import { openStationJudging } from './open-judging.js';
import type { StationJudging } from './open-judging.js';
import { openStationLine } from './open-line.js';
import { openStationPage } from './open-page.js';
import { openStationRecord } from './open-record.js';
import { observeStation } from '../telemetry/observe-station.js';
import { openTelemetry } from './open-telemetry.js';
import { keepConditionCurrent } from './station-condition-loop.js';
import { stationView } from './station-view.js';
import { createStationWatch } from './station-watch.js';

export interface StationDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly schedule: Schedule;
  readonly newToken: () => string;
  readonly operatorPin: string;
  readonly pinConfigured: boolean;
  /** The value of an environment variable that the configuration names. */
  readonly secret: (name: string) => string | undefined;
  readonly version: string;
  /** A machine event for whoever started the station. */
  readonly emit: (event: Readonly<Record<string, unknown>>) => void;
}

export interface Station {
  readonly pagePort: number;
  /** Settles when the camera or the PLC link ends or fails; a station does not end by itself otherwise. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

type Closers = (() => void | Promise<void>)[];

/** Opens every part of the station in order and joins them; closes in reverse, also when opening fails half-way. */
export async function openStation(config: StationConfig, deps: StationDeps): Promise<Station> {
  const closers: Closers = [];
  try {
    return await assemble(config, deps, closers);
  } catch (error) {
    await closeInReverse(closers);
    throw error;
  }
}

async function assemble(config: StationConfig, deps: StationDeps, closers: Closers): Promise<Station> {
  const { clock, log, random } = deps;
  const cacheFolder = join(config.record.folder, 'engine-cache');
  const engine = await openStationEngine(config, { log, clock, cacheFolder, secret: deps.secret });
  closers.push(() => engine.engine.dispose());

  const watch = createStationWatch({
    clock,
    model: engine.model,
    log,
    onOtherModel: (model) => checkAgain(judging, model),
  });
  const judging = await openStationJudging(config, engine, {
    clock,
    modelAtRest: watch.model,
    onGoldenChange: () => showCondition(),
  });
  const statistics = createStationStatistics({
    labels: engine.manifest.labels,
    partDeadlineMs: config.decide.partDeadlineMs,
    subgroupSize: config.page.subgroupSize,
  });
  const { recorder, ...record } = openStationRecord(config, {
    templates: judging.templates,
    random,
    epochMs: clock.epochMs,
    log,
    mesToken: config.mes?.tokenEnv === undefined ? undefined : deps.secret(config.mes.tokenEnv),
    wantsLive: () => page.wantsLive(),
    publishLive: (part, image) => page.publishLive(part, image),
    onRecord: (partRecord, part) => {
      watch.sawPart(part);
      telemetry.sawPart(partRecord, part);
      if (part.act.trigger !== undefined) statistics.count(partRecord, part.act.decision.kind === 'abstain');
      deps.emit(partEvent(partRecord, part));
    },
  });
  closers.push(record.close);
  const telemetry = await openTelemetry(config, engine, {
    ...deps,
    templates: judging.templates,
    observe: (metrics) => observeStation(metrics, view()),
  });
  closers.push(telemetry.close);

  const { plc, camera } = await openDevices(config, deps, closers);
  const {
    line,
    join: partJoin,
    takeTriggers,
  } = openStationLine(config, {
    camera,
    plc,
    judging,
    watch,
    record: recorder.record,
    nowMs: clock.monotonicMs,
    schedule: deps.schedule,
  });
  const view = () =>
    stationView(config, deps.version, {
      nowIso: nowIso(clock),
      statistics: statistics.view(),
      plc: plc.status(),
      camera: { ...camera.stats(), id: camera.id, lastFrameAt: watch.lastFrameAt() },
      engine: engine.engine.health(),
      model: watch.model(),
      bundleUse: bundleUse(engine.manifest),
      golden: judging.interlock,
      lightFault: watch.lightFault(),
      storeFull: recorder.isStoreFull(),
      idleMs: watch.idleMs(),
      mes: record.mes(),
      uplink: telemetry.uplink(),
      drift: telemetry.drift(),
      telemetryDrops: telemetry.drops(),
      thresholds: judging.thresholds.view(),
      join: partJoin.stats(),
      recordDrops: recorder.drops(),
      store: record.store.stats(),
    });
  const page = await openStationPage(config, deps, {
    view,
    judging,
    store: record.store,
    nowIso: () => nowIso(clock),
    overruled: (overruled) => {
      statistics.markOverruled(overruled.resultId);
      telemetry.overruled(overruled);
    },
    telemetry,
  });
  closers.push(page.close);
  telemetry.introduce(pageUrl(config, page.port));
  const condition = keepConditionCurrent(config, { engine: engine.engine, camera, plc, judging, watch, recorder });
  closers.push(condition.stop);
  function showCondition(): void {
    condition.show();
  }

  if (config.golden.runAtStart) await judging.goldenCheck?.run();
  const stop = new AbortController();
  const path = runDataPath(line, stop.signal);
  const triggers = takeTriggers(stop.signal);
  const ended = Promise.race([path, triggers]);
  ended.catch((error: unknown) => log.error('station.ended', { message: errorMessage(error) }));
  closers.push(async () => {
    stop.abort();
    await Promise.allSettled([path, triggers]);
  });
  return { pagePort: page.port, ended, close: () => closeInReverse(closers.splice(0)) };
}

async function openDevices(
  config: StationConfig,
  deps: StationDeps,
  closers: Closers,
): Promise<{ readonly plc: PlcLink; readonly camera: FrameSource }> {
  const { clock, log, random } = deps;
  const counterStore = createFileCounterStore(join(config.record.folder, 'plc-counters.json'));
  const plc = await createPlcLink(config.plc, { clock, logger: log, counterStore });
  closers.push(() => plc.close());
  const camera = createCamera(config.camera, { clock, random: random.fork('camera'), logger: log });
  closers.push(() => camera.close());
  return { plc, camera };
}

function checkAgain(judging: StationJudging, { digest, variant }: PartRecord['model']): void {
  if (judging.goldenCheck?.proved(digest) === true) return;
  judging.interlock.makeDue(`The model changed to ${variant}`);
  void judging.goldenCheck?.run();
}

function partEvent(record: PartRecord, part: InspectedPart): Readonly<Record<string, unknown>> {
  const { resultId, partSeq, partId, verdict, reason, timings } = record;
  const { captureToActMs, inferMs } = timings;
  return {
    event: 'part',
    resultId,
    partSeq,
    partId,
    verdict,
    reason,
    outcome: part.act.outcome.kind,
    captureToActMs,
    inferMs,
  };
}

function pageUrl({ dashboard }: StationConfig, port: number): string {
  return `${dashboard.tls === undefined ? 'http' : 'https'}://${dashboard.host}:${port}`;
}

function nowIso(clock: Clock): string {
  return new Date(clock.epochMs()).toISOString();
}
