import { join } from 'node:path';
import { createCamera } from '@edge-blueprints/cameras';
import type { Clock, Frame, Logger, PartRecord, PartTrigger, Random } from '@edge-blueprints/contracts';
import { errorMessage } from '@edge-blueprints/contracts';
import { closeInReverse } from '@edge-blueprints/pipeline';
import { createFileCounterStore, createPlcLink } from '@edge-blueprints/plc';
import { createActor } from '../act/act.js';
import type { StationConfig } from '../config.js';
import { runDataPath } from '../data-path.js';
import type { Line } from '../data-path.js';
import { createLightAlarm } from '../frame/light-alarm.js';
import { createPartJoin } from '../frame/part-join.js';
import { createTimeJoin } from '../frame/time-join.js';
import type { Schedule } from '../frame/part-join.js';
import type { InspectedPart, Judgement } from '../judgement.js';
import { createStationStatistics } from '../statistics/station-statistics.js';
import { createModelHash16 } from './model-hash.js';
import { openStationEngine } from './open-engine.js';
import { openStationJudging } from './open-judging.js';
import { openStationPage } from './open-page.js';
import { openStationRecord } from './open-record.js';
import { passInterlock, stationCondition } from './station-condition.js';
import { stationView } from './station-view.js';

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

const conditionTickMs = 100;
const lightHoldMs = 3_000;

/** Opens every part of the station in order and joins them; closes in reverse, also when opening fails half-way. */
export async function openStation(config: StationConfig, deps: StationDeps): Promise<Station> {
  const closers: (() => void | Promise<void>)[] = [];
  try {
    return await assemble(config, deps, closers);
  } catch (error) {
    await closeInReverse(closers);
    throw error;
  }
}

async function assemble(config: StationConfig, deps: StationDeps, closers: (() => void | Promise<void>)[]): Promise<Station> {
  const { clock, log, random } = deps;
  const stop = new AbortController();
  const nowIso = (): string => new Date(clock.epochMs()).toISOString();

  const engine = await openStationEngine(config, { log, clock, secret: deps.secret, cacheFolder: join(config.record.folder, 'engine-cache') });
  closers.push(() => engine.engine.dispose());
  let model: PartRecord['model'] = engine.model;
  const judging = await openStationJudging(config, engine, { clock, modelAtRest: () => model, onGoldenChange: () => showCondition() });
  const { interlock, goldenCheck } = judging;
  const statistics = createStationStatistics({
    labels: engine.manifest.labels,
    partDeadlineMs: config.decide.partDeadlineMs,
    subgroupSize: config.page.subgroupSize,
  });
  const light = createLightAlarm({ holdMs: lightHoldMs, nowMs: clock.monotonicMs });
  let lastFrameAt: string | null = null;
  let lastPartMs: number | undefined;

  const onRecord = (record: PartRecord, { act, judgement }: InspectedPart): void => {
    const { decision } = judgement;
    light.see(decision.kind === 'abstain' ? decision.code : undefined);
    noticeModel(judgement);
    lastPartMs = clock.monotonicMs();
    if (act.trigger !== undefined) statistics.count(record, act.decision.kind === 'abstain');
    const { resultId, partSeq, partId, verdict, reason, outcome } = record;
    deps.emit({ event: 'part', resultId, partSeq, partId, verdict, reason, outcome: outcome.kind, captureToActMs: record.timings.captureToActMs, inferMs: record.timings.inferMs });
  };
  const record = openStationRecord(config, {
    templates: judging.templates,
    random,
    epochMs: clock.epochMs,
    log,
    mesToken: config.mes?.tokenEnv === undefined ? undefined : deps.secret(config.mes.tokenEnv),
    wantsLive: () => page.wantsLive(),
    publishLive: (part, image) => page.publishLive(part, image),
    onRecord,
  });
  closers.push(record.close);

  const plc = await createPlcLink(config.plc, { clock, logger: log, counterStore: createFileCounterStore(join(config.record.folder, 'plc-counters.json')) });
  closers.push(() => plc.close());
  const camera = createCamera(config.camera, { clock, random: random.fork('camera'), logger: log });
  closers.push(() => camera.close());

  const isBypassed = (): boolean => plc.status().statusBits.includes('BYPASSED');
  const actor = createActor({
    plc,
    nowMs: clock.monotonicMs,
    onAbstain: config.decide.onAbstain,
    recipeId: () => config.station.recipeId,
    modelHash16: createModelHash16(),
    partDeadlineMs: config.decide.partDeadlineMs,
    interlock: () => passInterlock({ goldenRequired: config.golden.required, golden: interlock.state(), bypassed: isBypassed() }),
  });
  const joinOptions = { ...config.join, schedule: deps.schedule, onTriggerWithoutFrame: (trigger: PartTrigger) => void missingFrame(trigger) };
  const partJoin = config.join.by === 'time' ? createTimeJoin(joinOptions) : createPartJoin(joinOptions);
  const line: Line = {
    ...judging.judge,
    frames: (signal) => seen(camera.frames(signal)),
    triggerOf: (frame) => partJoin.triggerOf(frame),
    act: actor.act,
    keep: (frame) => ({ ...frame, pixels: frame.pixels.slice() }),
    record: (part) => record.recorder.record(part),
  };

  async function* seen(frames: AsyncIterable<Frame>): AsyncIterable<Frame> {
    for await (const frame of frames) {
      lastFrameAt = new Date(frame.epochMs).toISOString();
      if (partJoin.wants(frame)) yield frame;
    }
  }
  async function missingFrame(trigger: PartTrigger): Promise<void> {
    const act = await actor.actWithoutFrame(trigger);
    const timings = { preprocessMs: 0, inferMs: 0, runMs: 0, postprocessMs: 0, decideMs: 0 };
    const judgement: Judgement = { decision: act.decision, detections: [], model, thresholdsDigest: judging.thresholds.digest(), timings };
    record.recorder.record({ frame: undefined, judgement, act });
  }
  async function takeTriggers(): Promise<void> {
    for await (const trigger of plc.triggers(stop.signal)) partJoin.announce(trigger);
  }
  /** Another model has judged: what the golden parts proved about the last one does not hold for it. */
  function noticeModel(judgement: Judgement): void {
    if (judgement.model.digest === model.digest && judgement.model.degradationLevel === model.degradationLevel) return;
    const changed = judgement.model.digest !== model.digest;
    model = judgement.model;
    log.warn('infer.model-changed', { variant: model.variant, provider: model.provider, degradationLevel: model.degradationLevel });
    if (!changed) return;
    interlock.makeDue(`The model changed to ${model.variant}`);
    void goldenCheck?.run();
  }

  let goldenRequested = false;
  function showCondition(): void {
    const { controlBits } = plc.status();
    const requested = controlBits.includes('GOLDEN_REQ');
    if (requested && !goldenRequested) void goldenCheck?.run();
    goldenRequested = requested;
    plc.setCondition(
      stationCondition({
        engineState: engine.engine.health().state,
        cameraConnected: camera.stats().connected,
        goldenRequired: config.golden.required,
        golden: interlock.state(),
        degradationLevel: model.degradationLevel,
        lightFault: light.isOn(),
        storeFull: record.recorder.isStoreFull(),
        clockSynchronised: config.station.clockSynchronised,
        recipeId: config.station.recipeId,
      }),
    );
  }

  const page = await openStationPage(config, deps, {
    view: () =>
      stationView(config, deps.version, {
        nowIso: nowIso(),
        statistics: statistics.view(),
        plc: plc.status(),
        camera: { ...camera.stats(), id: camera.id, lastFrameAt },
        engine: engine.engine.health(),
        model,
        degradationReason: engine.engine.health().detail,
        golden: interlock,
        lightFault: light.isOn(),
        storeFull: record.recorder.isStoreFull(),
        idleMs: lastPartMs === undefined ? undefined : clock.monotonicMs() - lastPartMs,
        mes: record.mes(),
        thresholds: judging.thresholds.view(),
        join: partJoin.stats(),
        recordDrops: record.recorder.drops(),
        store: record.store.stats(),
      }),
    judging,
    store: record.store,
    nowIso,
    markOverruled: statistics.markOverruled,
  });
  closers.push(page.close);
  const ticker = setInterval(showCondition, conditionTickMs);
  closers.push(() => clearInterval(ticker));
  closers.push(() => stop.abort());

  showCondition();
  if (config.golden.runAtStart) await goldenCheck?.run();
  const ended = Promise.race([runDataPath(line, stop.signal), takeTriggers()]);
  ended.catch((error: unknown) => log.error('station.ended', { message: errorMessage(error) }));
  return { pagePort: page.port, ended, close: () => closeInReverse(closers.splice(0)) };
}
