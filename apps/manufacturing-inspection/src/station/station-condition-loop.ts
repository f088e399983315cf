import type { FrameSource, InferenceEngine, PlcLink } from '@edge-blueprints/contracts';
import type { StationConfig } from '../config.js';
import type { Recorder } from '../record/recorder.js';
import type { StationJudging } from './open-judging.js';
import { stationCondition } from './station-condition.js';
import type { StationWatch } from './station-watch.js';

const everyMs = 100;

/** Tells the PLC link ten times a second, and at every change of the golden check, why parts may or may not be announced. */
export function keepConditionCurrent(
  config: StationConfig,
  parts: {
    readonly engine: Pick<InferenceEngine, 'health'>;
    readonly camera: Pick<FrameSource, 'stats'>;
    readonly plc: Pick<PlcLink, 'status' | 'setCondition'>;
    readonly judging: StationJudging;
    readonly watch: StationWatch;
    readonly recorder: Pick<Recorder, 'isStoreFull'>;
  },
): { readonly show: () => void; readonly stop: () => void } {
  const { plc, judging, watch } = parts;
  let goldenRequested = false;
  let engineFailed = parts.engine.health().state === 'failed';

  const show = (): void => {
    plc.setCondition(
      stationCondition({
        engineState: parts.engine.health().state,
        cameraConnected: parts.camera.stats().connected,
        goldenRequired: config.golden.required,
        golden: judging.interlock.state(),
        degradationLevel: watch.model().degradationLevel,
        lightFault: watch.lightFault(),
        storeFull: parts.recorder.isStoreFull(),
        clockSynchronised: config.station.clockSynchronised,
        recipeId: config.station.recipeId,
      }),
    );
  };
  const tick = (): void => {
    const requested = plc.status().controlBits.includes('GOLDEN_REQ');
    if (requested && !goldenRequested) void judging.goldenCheck?.run();
    goldenRequested = requested;
    const failed = parts.engine.health().state === 'failed';
    // Golden parts that nothing could judge say nothing about the model that is back.
    if (engineFailed && !failed && judging.interlock.state() !== 'passed') void judging.goldenCheck?.run();
    engineFailed = failed;
    show();
  };
  tick();
  const timer = setInterval(tick, everyMs);
  return { show, stop: () => clearInterval(timer) };
}
