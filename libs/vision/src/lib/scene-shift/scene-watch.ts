import { ConfigError } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { Picture } from '../test-and-template.js';
import { brightnessSlope, type SlopePlane } from './brightness-slope.js';
import { compareScene, describeScene } from './scene-descriptor.js';
import { createMedianBackground, reducePicture } from './scene-plane.js';
import { estimateSceneShift } from './scene-shift.js';

export const sceneWatchSchema = z.strictObject({
  sampleMs: z.number().min(10).max(600_000).default(1000).describe('Pictures closer together are not looked at'),
  window: z.int().min(3).max(31).default(11).describe('Samples of the median background; people are gone after half'),
  minShiftPx: z.number().gt(0).max(100).default(5).describe('A shift of the background by this much is a moved camera'),
  maxShiftPx: z.number().gt(0).max(400).default(48).describe('Greater shifts are found, but their size is not'),
  minAgreement: share(0.45).describe('Below this agreement of slopes in place the camera was turned or moved far'),
  minDescriptorShare: share(0.75).describe('From this share of equal cells on it is the scene of the descriptor'),
  otherDescriptorShare: share(0.62).describe('Below this share it is another one; in between nothing is said yet'),
  minEdges: z.int().min(10).max(5000).default(200).describe('With fewer edges nothing can be said'),
  persistence: z.int().min(1).max(100).default(3).describe('Samples in a row before the verdict changes'),
});

export type SceneWatchOptions = z.input<typeof sceneWatchSchema>;

/**
 * `unsure`: too dark or too plain to say, or at the start neither clearly the scene of the descriptor nor clearly
 * another; it is looked at again with every sample.
 */
export type SceneState = 'learning' | 'same' | 'moved' | 'unsure';

export interface SceneVerdict {
  readonly state: SceneState;
  /** Pixels of the frame that the background moved by; undefined while unknown or beyond `maxShiftPx`. */
  readonly shiftPx: readonly [number, number] | undefined;
  /** Agreement of slopes with the background of the beginning, or of cells with the descriptor; undefined while learning. */
  readonly agreement: number | undefined;
}

/** Tells whether a fixed camera still looks where it looked when it was calibrated. Backgrounds stay in memory. */
export interface SceneWatch {
  observe(picture: Picture, atMs: number): SceneVerdict;
  /** 128 bytes for the calibration, once learnt; see `describeScene` for what it can reveal. */
  descriptor(): Uint8Array | undefined;
  /** The present view is right from now on: after calibrating anew. Learning starts again, without the old descriptor. */
  accept(): void;
}

/**
 * @param descriptor of the calibration: the first background is held against it, so that a camera that was moved while
 * nothing ran is found as well. Without it the first background is taken for right.
 * @throws ConfigError `vision.scene-options`
 */
export function createSceneWatch(options: SceneWatchOptions = {}, descriptor?: Uint8Array): SceneWatch {
  const parsed = sceneWatchSchema.safeParse(options);
  if (!parsed.success)
    throw new ConfigError(
      'vision.scene-options',
      `Options of the scene watch are wrong.\n${z.prettifyError(parsed.error)}`,
    );
  const settings = parsed.data;
  const learning: SceneVerdict = { state: 'learning', shiftPx: undefined, agreement: undefined };
  let background = createMedianBackground(settings.window);
  let known = descriptor;
  let reference: SlopePlane | undefined;
  let verdict = learning;
  let sampledAtMs = Number.NEGATIVE_INFINITY;
  let differing = 0;

  const settle = (next: SceneVerdict): SceneVerdict => {
    differing = next.state === verdict.state || verdict.state === 'learning' ? 0 : differing + 1;
    if (differing > 0 && differing < settings.persistence) return verdict;
    differing = 0;
    verdict = next;
    return verdict;
  };
  const judge = (current: SlopePlane): SceneVerdict => {
    const dim = (edges: number): boolean => current.edges.length < Math.max(settings.minEdges, 0.3 * edges);
    if (reference === undefined || reference.width !== current.width || reference.height !== current.height) {
      if (dim(0)) return { state: 'unsure', shiftPx: undefined, agreement: undefined };
      const agreement = known === undefined ? 1 : compareScene(known, current).share;
      if (agreement < settings.minDescriptorShare) {
        const state = agreement < settings.otherDescriptorShare ? 'moved' : 'unsure';
        return { state, shiftPx: undefined, agreement };
      }
      reference = current;
      return { state: 'same', shiftPx: [0, 0], agreement };
    }
    if (dim(reference.edges.length)) return { state: 'unsure', shiftPx: undefined, agreement: undefined };
    const shift = estimateSceneShift(reference, current, settings.maxShiftPx);
    const far = Math.hypot(shift.dxPx, shift.dyPx) >= settings.minShiftPx;
    const found = shift.agreement >= settings.minAgreement;
    const moved = shift.agreementUnmoved < settings.minAgreement || (far && found);
    return {
      state: moved ? 'moved' : 'same',
      shiftPx: found ? [shift.dxPx, shift.dyPx] : undefined,
      agreement: shift.agreementUnmoved,
    };
  };

  return {
    observe(picture, atMs) {
      if (atMs - sampledAtMs < settings.sampleMs && atMs >= sampledAtMs) return verdict;
      sampledAtMs = atMs;
      background.add(reducePicture(picture));
      const median = background.count() * 2 > settings.window ? background.median() : undefined;
      return median === undefined ? verdict : settle(judge(brightnessSlope(median)));
    },
    descriptor: () => (reference === undefined ? undefined : describeScene(reference)),
    accept() {
      background = createMedianBackground(settings.window);
      known = undefined;
      reference = undefined;
      verdict = learning;
      differing = 0;
    },
  };
}

function share(standard: number): z.ZodDefault<z.ZodNumber> {
  return z.number().min(0).max(1).default(standard);
}
