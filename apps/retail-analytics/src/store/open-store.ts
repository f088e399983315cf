import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, FrameSource, Logger, Random, RetailRelease, StoreView } from '@edge-blueprints/contracts';
import { closeInReverse, createLatencyHistogram } from '@edge-blueprints/pipeline';
import type { StoreCameraConfig, StoreConfig } from '../config.js';
import { openFinder, openPose } from '../perception/open-perception.js';
import type { OpenedModel } from '../perception/open-perception.js';
import { figureDrops } from '../telemetry/figure-drops.js';
import { openStoreTelemetry } from '../telemetry/store-telemetry.js';
import { createAlarms } from './alarms.js';
import { createCalibrationPictures } from './calibration-pictures.js';
import type { CalibrationPictures } from './calibration-pictures.js';
import { openFigures } from './open-figures.js';
import { openStorePage } from './open-page.js';
import { openPlanFiles } from './plan-files.js';
import { openCameraLines } from './open-camera-lines.js';
import { createReleaseDesk } from './release-desk.js';
import { startCameras } from './store-cameras.js';
import { storeApi } from './store-api.js';
import { startStoreTick } from './store-tick.js';
import { storeView } from './store-view.js';

export interface StoreDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly newToken: () => string;
  readonly operatorPin: string;
  readonly pinConfigured: boolean;
  readonly version: string;
  /** A machine event for whoever started the store. */
  readonly emit: (event: Readonly<Record<string, unknown>>) => void;
  /** Models and cameras from elsewhere, for tests. */
  readonly openModel?: (config: StoreConfig) => Promise<OpenedModel>;
  readonly openCamera?: (config: StoreCameraConfig) => FrameSource;
}

export interface Store {
  readonly pagePort: number;
  /** Settles when every camera's source has come to its end; a store does not end by itself otherwise. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

type Closers = (() => void | Promise<void>)[];

const dayMs = 86_400_000;
/** The page's history goes back this far. */
const historyDays = 7;
/** What the hub did not get is sent to it for this long. */
const hubDays = 30;
const warmedUpRuns = 20;

/** Opens every part of the store in order and joins them; closes in reverse, also when opening fails half-way. */
export async function openStore(config: StoreConfig, deps: StoreDeps): Promise<Store> {
  const closers: Closers = [];
  try {
    return await assemble(config, deps, closers);
  } catch (error) {
    await closeInReverse(closers);
    throw error;
  }
}

async function assemble(config: StoreConfig, deps: StoreDeps, closers: Closers): Promise<Store> {
  const { clock, log, random } = deps;
  mkdirSync(config.state.folder, { recursive: true });
  const files = openPlanFiles(config.plan, config.cameras, config.firstPlan);
  const modelDeps = { log, clock, cacheFolder: join(config.state.folder, 'engine-cache') };
  const finder = await (deps.openModel ?? ((own) => openFinder(own, modelDeps)))(config);
  closers.push(() => finder.engine.dispose());
  const pose = await openPose(config, modelDeps);
  closers.push(() => pose?.engine.dispose());

  const keypointNames = (pose ?? finder).manifest.keypoints ?? [];
  const { floor, measures, releaser } = openFigures(config, { files, keypointNames, clock });
  closers.push(() => releaser.close());
  const { name: bundle, version } = finder.manifest;
  const model = { bundle, version, variant: finder.variant, provider: finder.provider };
  const inference = createLatencyHistogram();
  const telemetry = await openStoreTelemetry(config, {
    clock,
    random,
    log,
    version: deps.version,
    model,
    view: () => view(),
    drops: () => drops(),
  });
  closers.push(telemetry.close);
  const storedOfDays = (days: number): readonly RetailRelease[] =>
    releaser.history({ fromEpochMs: clock.epochMs() - days * dayMs, toEpochMs: clock.epochMs() });
  telemetry.catchUp(storedOfDays(hubDays));
  const desk = createReleaseDesk({
    measures,
    releaser,
    plan: files.plan(),
    before: storedOfDays(historyDays),
    onRelease: (release) => {
      telemetry.released(release);
      deps.emit({ event: 'release', release });
    },
    onRefusal: (refusal) => {
      telemetry.refused(refusal);
      deps.emit({ event: 'release-refused', ...refusal });
    },
  });
  closers.push(() => desk.finish(clock.monotonicMs()));

  const pictures: CalibrationPictures | undefined = config.page.calibrationPictures
    ? createCalibrationPictures({
        cameras: config.cameras.map(({ id }) => id),
        sinceLookedMs: (camera) => {
          const lookedMs = cameras.of(camera)?.lookedAtMs();
          return lookedMs === undefined ? undefined : clock.monotonicMs() - lookedMs;
        },
        modelRuns: () => ['ready', 'degraded'].includes(finder.engine.health().state),
        audit: telemetry.audit,
      })
    : undefined;
  const lines = openCameraLines(config, {
    finder,
    pose,
    floor,
    count: measures.observe,
    files,
    pictures,
    clock,
    log,
    sawFrame: (timings) => {
      inference.record(timings.runMs);
      telemetry.sawFrame(timings);
    },
  });
  const cameras = startCameras(config.cameras, {
    create: lines.create,
    ...(deps.openCamera === undefined ? {} : { open: deps.openCamera }),
    clock,
    random: random.fork('cameras'),
    log,
  });
  closers.push(cameras.close);

  const alarms = createAlarms({ epochMs: clock.epochMs, log });
  const view = (): StoreView =>
    storeView(config, {
      nowEpochMs: clock.epochMs(),
      plan: files.plan(),
      live: measures.snapshot(clock.monotonicMs()),
      cameras: cameras.views(),
      budget: releaser.budget(),
      releases: desk.releases(),
      alarms: alarms.view(),
      model: { ...model, inferMsP50: inference.snapshot().count < warmedUpRuns ? null : inference.snapshot().p50Ms },
    });
  const drops = (): Readonly<Record<string, number>> => ({
    ...cameras.drops(),
    ...lines.drops(),
    ...figureDrops(floor.counters(), measures.counters()),
    ...telemetry.drops(),
  });
  const page = await openStorePage(config, deps, {
    view,
    routes: storeApi({
      config,
      view,
      drops,
      files,
      floor,
      measures,
      releaser,
      desk,
      cameras,
      telemetry,
      pictures,
      clock,
    }),
  });
  closers.push(page.close);
  telemetry.introduce(page.url);

  closers.push(
    startStoreTick({
      cameras,
      floor,
      measures,
      desk,
      releaser,
      engine: () => finder.engine.health(),
      beyondCapacity: () =>
        floor.counters().beyondCapacity + measures.counters().beyondCapacity + lines.beyondCapacity(),
      picturesOn: pictures !== undefined,
      alarms,
      clock,
      log,
    }),
  );
  return { pagePort: page.port, ended: cameras.ended, close: () => closeInReverse(closers.splice(0)) };
}
