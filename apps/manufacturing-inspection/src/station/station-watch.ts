import type { Clock, Frame, Logger, PartRecord } from '@edge-blueprints/contracts';
import { createLightAlarm } from '../frame/light-alarm.js';
import type { InspectedPart } from '../judgement.js';

/** What passes by is remembered here: the model that judged last, the light, when something last happened. */
export interface StationWatch {
  sawFrame(frame: Frame): void;
  sawPart(part: InspectedPart): void;
  /** What judged the last part; before the first, what is loaded. */
  model(): PartRecord['model'];
  lightFault(): boolean;
  lastFrameAt(): string | null;
  /** Since the last part, ms; undefined before the first. */
  idleMs(): number | undefined;
}

const lightHoldMs = 3_000;

export function createStationWatch(options: {
  readonly clock: Clock;
  readonly model: PartRecord['model'];
  /** Another model judges from now on: what was proved about the last one does not hold for it. */
  readonly onOtherModel: (model: PartRecord['model']) => void;
  readonly log: Logger;
}): StationWatch {
  const { clock, log } = options;
  const light = createLightAlarm({ holdMs: lightHoldMs, nowMs: clock.monotonicMs });
  let { model } = options;
  let lastFrameAt: string | null = null;
  let lastPartMs: number | undefined;

  const noticeModel = (next: PartRecord['model']): void => {
    const other = next.digest !== model.digest;
    if (!other && next.degradationLevel === model.degradationLevel) return;
    model = next;
    const { variant, provider, degradationLevel } = next;
    log.warn('infer.model-changed', { variant, provider, degradationLevel });
    if (other) options.onOtherModel(next);
  };

  return {
    sawFrame: ({ epochMs }) => {
      lastFrameAt = new Date(epochMs).toISOString();
    },
    sawPart: ({ judgement }) => {
      light.see(judgement.decision.kind === 'abstain' ? judgement.decision.code : undefined);
      noticeModel(judgement.model);
      lastPartMs = clock.monotonicMs();
    },
    model: () => model,
    lightFault: () => light.isOn(),
    lastFrameAt: () => lastFrameAt,
    idleMs: () => (lastPartMs === undefined ? undefined : clock.monotonicMs() - lastPartMs),
  };
}
