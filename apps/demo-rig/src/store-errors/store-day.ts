import type { Clock, Detection, RetailRelease, StorePlan } from '@edge-blueprints/contracts';
import { createVirtualNode, type PeopleModel, type StoreConfig } from '@edge-blueprints/retail-analytics';
import { calibrateStore, createSceneRenderer, createStore, storeCameraNames } from '@edge-blueprints/rigs';
import type { MeasureEvent } from '@edge-blueprints/retail-analytics';
import type { StoreTruth } from '@edge-blueprints/rigs';

export interface StoreDayOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly framesPerS: number;
  readonly peoplePerHour: number;
  readonly privacy: StoreConfig['privacy'];
  readonly model: PeopleModel;
  readonly onProgress: (minutes: number) => void;
  readonly stop: AbortSignal;
}

/** Lengths of one queue at one moment: as counted, and in truth. */
export interface QueueMoment {
  readonly queue: string;
  readonly counted: number;
  readonly truly: number;
}

export interface StoreDay {
  readonly plan: StorePlan;
  /** Store seconds between which both sides looked. */
  readonly fromS: number;
  readonly toS: number;
  /** What happened, times in store seconds. */
  readonly truth: StoreTruth;
  /** What was counted; `atMs` is store time. */
  readonly events: readonly MeasureEvent[];
  readonly moments: readonly QueueMoment[];
  readonly releases: readonly RetailRelease[];
  readonly dwellMedianS: ReadonlyMap<string, number | null>;
  readonly tracks: number;
  /** Of the frames: rendered, inferred. */
  readonly frames: number;
}

/** The store is filled before anybody looks, so that the first minute is like any other. */
const fillS = 12 * 60;
const momentS = 5;
/** Any day; windows are of UTC. */
export const epochOrigin = Date.UTC(2026, 0, 5, 9);

/**
 * Some minutes of the rendered store, picture by picture through the node's own path, in the store's own time: slower or
 * faster than a clock, never in real time, so that nothing is dropped and the same seed gives the same figures.
 */
export async function runStoreDay(options: StoreDayOptions): Promise<StoreDay> {
  const { seed, framesPerS, model } = options;
  const store = createStore({ seed, peoplePerHour: options.peoplePerHour });
  store.step(fillS);
  const fromS = store.nowS;
  const clock: Clock = {
    monotonicMs: () => Math.round(store.nowS * 1000),
    epochMs: () => epochOrigin + Math.round((store.nowS - fromS) * 1000),
  };
  const calibrations = Object.values(calibrateStore(store, seed, epochOrigin));
  const node = createVirtualNode({
    plan: store.plan,
    calibrations,
    keypointNames: model.keypoints,
    tracker: { kind: 'oc-sort' },
    threshold: model.threshold,
    floorFramesPerS: Math.min(8, framesPerS),
    privacy: options.privacy,
    graceS: 600,
    clock,
  });
  const renderers = storeCameraNames.map((name) => createSceneRenderer(store.plan, store.cameras[name], seed));
  const buffers = renderers.map(({ camera }) => new Uint8Array(camera.width * camera.height * 3));
  const moments: QueueMoment[] = [];
  let frames = 0;
  try {
    const total = Math.round(options.minutes * 60 * framesPerS);
    for (let tick = 0; tick < total && !options.stop.aborted; tick += 1) {
      for (const [i, renderer] of renderers.entries()) {
        // The cameras are out of step with each other, as cameras are.
        store.step(1 / framesPerS / renderers.length);
        const pixels = buffers[i] ?? new Uint8Array();
        renderer.render(store.figures(), store.look(), frames, pixels);
        const people = await peopleOf(model, renderer.camera, pixels, clock, frames);
        node.see({ source: renderer.camera.id, capturedAtMs: clock.monotonicMs() }, people);
        frames += 1;
      }
      if (tick % framesPerS === 0) node.advance();
      if (tick % (framesPerS * momentS) === 0 && tick > framesPerS * 60)
        moments.push(...momentsOf(node.exact(), store));
      if (tick % (framesPerS * 60) === 0) options.onProgress(tick / framesPerS / 60);
    }
    node.finish();
    return {
      plan: store.plan,
      fromS,
      toS: store.nowS,
      truth: store.truth(),
      events: node.events,
      moments,
      releases: node.releases,
      dwellMedianS: new Map(node.live().zones.map(({ id, dwellMedianS }) => [id, dwellMedianS])),
      tracks: node.tracks(),
      frames,
    };
  } finally {
    node.close();
  }
}

async function peopleOf(
  model: PeopleModel,
  camera: { readonly id: string; readonly width: number; readonly height: number },
  pixels: Uint8Array,
  clock: Clock,
  sequence: number,
): Promise<readonly Detection[]> {
  const { id: source, width, height } = camera;
  const times = { capturedAtMs: clock.monotonicMs(), receivedAtMs: clock.monotonicMs(), epochMs: clock.epochMs() };
  const { detections } = await model.find({ source, sequence, ...times, width, height, format: 'rgb24', pixels }, 0);
  return detections;
}

function momentsOf(
  exact: ReturnType<ReturnType<typeof createVirtualNode>['exact']>,
  store: { truth(): StoreTruth },
): readonly QueueMoment[] {
  const { queueLengths } = store.truth();
  return [...exact.queues].map(([queue, { length }]) => ({
    queue,
    counted: length,
    truly: queueLengths[queue]?.at(-1)?.people ?? 0,
  }));
}
