import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Clock, Logger, Random, RetailRelease, StoreView } from '@edge-blueprints/contracts';
import { releaseMetrics } from '@edge-blueprints/contracts';
import {
  createDeviceHealth,
  createDeviceTelemetry,
  createMetrics,
  openTelemetryUplink,
} from '@edge-blueprints/telemetry';
import type { DeviceTelemetry, Metrics, TelemetryUplink } from '@edge-blueprints/telemetry';
import type { StoreConfig } from '../config.js';
import type { ReleaseRefusal } from '../privacy/release-ports.js';
import type { FrameTimings } from '../store-line.js';
import { createReleaseDelivery } from './release-delivery.js';
import type { OutboxState } from './release-delivery.js';

/** What the store tells about itself. No call takes a person, a track or a place. */
export interface StoreTelemetry extends Pick<DeviceTelemetry, 'metrics' | 'uplink' | 'drops' | 'close'> {
  sawFrame(timings: FrameTimings): void;
  /** Once, at the start: what the ledger has and the hub never got, because a crash or a lost outbox came between. */
  catchUp(stored: readonly RetailRelease[]): void;
  /** On its way to the hub, after the ledger has it. */
  released(release: RetailRelease): void;
  refused(refusal: ReleaseRefusal): void;
  /** Who did what on this node. */
  audit(who: string, action: string, target: string, reason: string): void;
  /** Once the page has its port. */
  introduce(pageUrl: string): void;
}

export interface RanModel {
  readonly bundle: string;
  readonly version: string;
  readonly variant: string;
  readonly provider: string;
}

const cameraStates = ['seeing', 'slow', 'lost', 'moved', 'uncalibrated'] as const;

/** Metrics for whoever scrapes, releases and audit for the hub. */
export async function openStoreTelemetry(
  config: StoreConfig,
  deps: {
    readonly clock: Clock;
    readonly random: Random;
    readonly log: Logger;
    readonly version: string;
    readonly model: RanModel;
    readonly view: () => StoreView;
    /** Totals of what was dropped, by cause. */
    readonly drops: () => Readonly<Record<string, number>>;
  },
): Promise<StoreTelemetry> {
  const { clock, random, log, model } = deps;
  const metrics = createMetrics({
    resource: {
      'service.name': 'retail-analytics',
      'service.version': deps.version,
      'service.instance.id': config.store.id,
      'host.name': hostname(),
    },
    monotonicMs: clock.monotonicMs,
  });
  const { simulated } = config.store;
  const uplink =
    config.hub === null
      ? undefined
      : await openTelemetryUplink(config.hub, { clock, random: random.fork('hub'), log, simulated });
  const device = createDeviceTelemetry({
    metrics,
    health: createDeviceHealth({ dataFolder: config.state.folder, monotonicMs: clock.monotonicMs }),
    uplink,
    reportEveryMs: config.telemetry.reportEveryMs,
    observe: (to) => {
      observeStore(to, deps.view());
      return deps.drops();
    },
    log,
  });
  const delivery =
    uplink === undefined
      ? undefined
      : createReleaseDelivery({
          file: join(config.state.folder, 'hub-releases.json'),
          outbox: {
            store: (release) => device.store('edge-blueprints.retail-release.v1', 'business', release),
            state: () => outboxState(uplink),
          },
          log,
        });
  const of = { model: `${model.bundle} ${model.version}`, variant: model.variant, provider: model.provider };
  return {
    metrics,
    uplink: device.uplink,
    drops: device.drops,
    close: async () => {
      await delivery?.close();
      await device.close();
    },
    sawFrame: (timings) => measureFrame(metrics, timings, of),
    catchUp: (stored) => delivery?.catchUp(stored),
    released: (release) => {
      metrics.add('edge.privacy.releases', 1, { metric: release.metric });
      delivery?.released(release);
    },
    refused: ({ code }) => metrics.add('edge.privacy.refusals', 1, { code }),
    audit: (who, action, target, reason) => {
      log.info('store.audit', { who, action, target, reason });
      device.emit('edge-blueprints.audit.v1', 'critical', { who, action, target, reason });
    },
    introduce: (pageUrl) =>
      device.emit('edge-blueprints.device-info.v1', 'business', {
        app: 'retail-analytics',
        version: deps.version,
        target: config.telemetry.target,
        bundle: model.bundle,
        bundleVersion: model.version,
        variant: model.variant,
        provider: model.provider,
        pageUrl,
      }),
  };
}

/** What the hub has refused is settled: it would refuse it again. */
async function outboxState(uplink: TelemetryUplink): Promise<OutboxState> {
  const { epoch, declaredLost, pending } = (await uplink.stats()).outbox;
  const { 'refused-by-hub': _settled, ...lost } = declaredLost;
  return { epoch, lost: Object.values(lost).reduce((sum, count) => sum + count, 0), waiting: pending.business };
}

function measureFrame(
  metrics: Metrics,
  timings: FrameTimings,
  of: { readonly model: string; readonly variant: string; readonly provider: string },
): void {
  metrics.record('edge.capture_to_act.duration', timings.captureToActMs / 1_000, of);
  metrics.record('edge.inference.duration', timings.runMs / 1_000, of);
  const stages = {
    transport: timings.waitMs,
    preprocess: timings.preprocessMs,
    infer: timings.inferMs,
    postprocess: timings.postprocessMs,
    decide: timings.decideMs,
    act: timings.actMs,
  };
  for (const [stage, ms] of Object.entries(stages)) metrics.record('edge.stage.duration', ms / 1_000, { stage });
}

function observeStore(metrics: Metrics, view: StoreView): void {
  for (const { id: camera, state, framesPerS } of view.cameras) {
    metrics.set('edge.camera.rate', framesPerS, { camera });
    for (const each of cameraStates) metrics.set('edge.camera.state', each === state ? 1 : 0, { camera, state: each });
  }
  for (const metric of releaseMetrics)
    metrics.set('edge.privacy.spent', view.budget.perMetric[metric].spent, { metric });
}
