import type { Frame, FrameSource, PartTrigger, PlcLink } from '@edge-blueprints/contracts';
import { createActor } from '../act/act.js';
import type { StationConfig } from '../config.js';
import type { Line } from '../line.js';
import { createPartJoin } from '../frame/part-join.js';
import type { PartJoin, Schedule } from '../frame/part-join.js';
import { createTimeJoin } from '../frame/time-join.js';
import type { InspectedPart, Judgement } from '../judgement.js';
import { createModelHash16 } from './model-hash.js';
import type { StationJudging } from './open-judging.js';
import { passInterlock } from './station-condition.js';
import type { StationWatch } from './station-watch.js';

export interface StationLine {
  readonly line: Line;
  readonly join: PartJoin;
  /** Takes the PLC's announcements until `stop`. */
  takeTriggers(stop: AbortSignal): Promise<void>;
}

/** The data path's verbs with the real camera and PLC behind them. */
export function openStationLine(
  config: StationConfig,
  parts: {
    readonly camera: FrameSource;
    readonly plc: PlcLink;
    readonly judging: StationJudging;
    readonly watch: StationWatch;
    readonly record: (part: InspectedPart) => void;
    readonly nowMs: () => number;
    readonly schedule: Schedule;
  },
): StationLine {
  const { camera, plc, judging, watch, record } = parts;
  const actor = createActor({
    plc,
    nowMs: parts.nowMs,
    onAbstain: config.decide.onAbstain,
    recipeId: () => config.station.recipeId,
    modelHash16: createModelHash16(),
    partDeadlineMs: config.decide.partDeadlineMs,
    interlock: () =>
      passInterlock({
        goldenRequired: config.golden.required,
        golden: judging.interlock.state(),
        bypassed: plc.status().statusBits.includes('BYPASSED'),
      }),
  });
  const missingFrame = async (trigger: PartTrigger): Promise<void> => {
    const act = await actor.actWithoutFrame(trigger);
    const timings = { preprocessMs: 0, inferMs: 0, runMs: 0, postprocessMs: 0, decideMs: 0 };
    const thresholdsDigest = judging.thresholds.digest();
    const judgement: Judgement = {
      decision: act.decision,
      detections: [],
      model: watch.model(),
      thresholdsDigest,
      timings,
      outputs: undefined,
    };
    record({ frame: undefined, judgement, act });
  };
  const joinOptions = {
    ...config.join,
    schedule: parts.schedule,
    onTriggerWithoutFrame: (trigger: PartTrigger) => void missingFrame(trigger),
  };
  const join = config.join.by === 'time' ? createTimeJoin(joinOptions) : createPartJoin(joinOptions);

  async function* wantedFrames(stop: AbortSignal): AsyncIterable<Frame> {
    for await (const frame of camera.frames(stop)) {
      watch.sawFrame(frame);
      if (join.wants(frame)) yield frame;
    }
  }
  return {
    line: {
      ...judging.judge,
      frames: wantedFrames,
      triggerOf: (frame) => join.triggerOf(frame),
      act: actor.act,
      keep: (frame) => ({ ...frame, pixels: frame.pixels.slice() }),
      record,
    },
    join,
    takeTriggers: async (stop) => {
      for await (const trigger of plc.triggers(stop)) join.announce(trigger);
    },
  };
}
