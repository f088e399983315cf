import type { Clock, Detection, Frame } from '@edge-blueprints/contracts';
import { createOnnxEngine, loadBundle, verifyGolden, type TrustedKey } from '@edge-blueprints/inference';
import { createPersonFinder } from '../perception/person-finder.js';
import { personThreshold } from '../perception/open-perception.js';
import { createPersonPose } from '../perception/person-pose.js';

/** A bundle, and for body points perhaps a second one, on the store's own path. */
export interface PeopleModel {
  readonly name: string;
  readonly variant: string;
  /** Threshold of the label "person". */
  readonly threshold: number;
  /** Names of the body points that come with a person; empty without. */
  readonly keypoints: readonly string[];
  /** Every candidate above the score floor, best first, with body points where a model gives them. */
  find(frame: Frame, poseFrom: number): Promise<PeopleFound>;
  dispose(): Promise<void>;
}

export interface PeopleFound {
  readonly detections: readonly Detection[];
  /** Time of the detector alone. */
  readonly runMs: number;
}

export interface PeopleModelOptions {
  readonly bundle: string;
  readonly pose: string | undefined;
  /** The first one of the bundle when left out. */
  readonly variant: string | undefined;
  readonly trustedKeys: readonly TrustedKey[];
  readonly clock: Clock;
}

/** A crowd is scored whole; the store bounds what it counts. */
const mostPeople = 1_000;
const patienceMs = 60_000;

/**
 * Opens the bundles as the store does: signature, golden vectors, then the same preparation and decoder.
 * @throws ConfigError `bundle.*`
 */
export async function openPeopleModel(options: PeopleModelOptions): Promise<PeopleModel> {
  const { clock } = options;
  const opened = await open(options.bundle, options.variant, options.trustedKeys);
  const posed = options.pose === undefined ? undefined : await open(options.pose, undefined, options.trustedKeys);
  const finder = createPersonFinder(opened, mostPeople);
  const nowMs = (): number => clock.monotonicMs();
  const pose = posed === undefined ? undefined : createPersonPose(posed, nowMs);
  const { manifest, variant } = opened;
  return {
    name: manifest.name,
    variant,
    threshold: personThreshold(manifest),
    keypoints: (posed ?? opened).manifest.keypoints ?? [],
    find: async (frame, poseFrom) => {
      const prepared = finder.preprocess(frame);
      const result = await finder.infer(prepared, nowMs() + patienceMs);
      const detections = finder.people(result, prepared.mapping);
      const { runMs } = result.timings;
      if (pose === undefined) return { detections, runMs };
      const sure = detections.filter(({ score }) => score >= poseFrom);
      const refined = await pose.refine(frame, sure, nowMs() + patienceMs);
      return { detections: [...refined, ...detections.slice(sure.length)], runMs };
    },
    dispose: async () => {
      await opened.engine.dispose();
      await posed?.engine.dispose();
    },
  };
}

async function open(folder: string, wanted: string | undefined, trustedKeys: readonly TrustedKey[]) {
  const bundle = await loadBundle(folder, { trustedKeys });
  const variant = wanted ?? bundle.manifest.variants[0]?.id ?? '';
  const engine = createOnnxEngine({ providers: ['cpu'], threads: 1 });
  try {
    await engine.load(bundle.variant(variant));
    await verifyGolden(engine, bundle, variant);
    return { engine, manifest: bundle.manifest, variant };
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}
