import { decodeGray } from '@edge-blueprints/cameras';
import { DeviceError } from '@edge-blueprints/contracts';
import type { Clock, Frame, InferenceEngine } from '@edge-blueprints/contracts';
import type { BundleManifest } from '@edge-blueprints/inference';
import { createJudge } from '../../create-judge.js';
import { judge } from '../../data-path.js';
import type { ThresholdBook } from '../../decide/threshold-book.js';
import type { LabelledTile } from './labelled-tiles.js';

export interface JudgedTile extends LabelledTile {
  /** Score of the picture: its strongest detection; 0 where there is none above the bundle's score floor. */
  readonly score: number;
  readonly rejected: boolean;
  /** From the decoded picture to the decision, ms. */
  readonly judgedMs: number;
}

/**
 * The station's judge over picture files instead of a camera; files are decoded before the clock starts.
 * @throws DeviceError `evaluate.abstained`: a figure must not leave out the parts that could not be judged
 */
export function createTileJudge(options: {
  readonly manifest: BundleManifest;
  readonly engine: InferenceEngine;
  readonly thresholds: ThresholdBook;
  readonly clock: Clock;
}): (tile: LabelledTile) => Promise<JudgedTile> {
  const { manifest, clock } = options;
  const parts = createJudge({
    engine: options.engine,
    bundle: manifest,
    templateOf: undefined,
    checkFrame: () => undefined,
    thresholds: options.thresholds,
    modelAtRest: () => ({
      bundle: manifest.name,
      version: manifest.version,
      variant: '',
      digest: '',
      provider: '',
      degradationLevel: 0,
    }),
    clock,
    partDeadlineMs: 60_000,
  });
  let sequence = 0;

  return async (tile) => {
    const picture = await decodeGray(tile.file);
    const startMs = clock.monotonicMs();
    const frame: Frame = {
      ...picture,
      source: 'file',
      sequence: (sequence += 1),
      capturedAtMs: startMs,
      receivedAtMs: startMs,
      epochMs: clock.epochMs(),
      name: tile.image,
    };
    const { decision, detections } = await judge(frame, parts);
    if (decision.kind === 'abstain') {
      throw new DeviceError(
        'evaluate.abstained',
        `Tile ${tile.image} could not be judged: ${decision.code}, ${decision.message}`,
      );
    }
    const score = detections.reduce((best, each) => Math.max(best, each.score), 0);
    return { ...tile, score, rejected: decision.kind === 'reject', judgedMs: clock.monotonicMs() - startMs };
  };
}
