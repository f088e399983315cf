import type { Decision, Frame } from '@edge-blueprints/contracts';
import { createFrameLiveness, judgeLight } from '@edge-blueprints/vision';
import type { LightRange } from '@edge-blueprints/vision';

export type Abstain = Extract<Decision, { kind: 'abstain' }>;

export interface FrameCheckOptions {
  /** Expected sizes, pixels; null takes any. */
  readonly width: number | null;
  readonly height: number | null;
  readonly light: LightRange | undefined;
  /** Identical frames in a row that mean a frozen camera; 0 switches the check off. */
  readonly frozenFrames: number;
}

/**
 * Tells pictures that no model should be trusted with: wrong size, black, frozen, outside of the light limits. Remembers
 * the last frames, so each source has a check of its own.
 */
export function createFrameCheck(options: FrameCheckOptions): (frame: Frame) => Abstain | undefined {
  const faultOf = createFrameLiveness({ frozenFrames: options.frozenFrames });
  return (frame) => {
    const { width, height } = options;
    if ((width !== null && frame.width !== width) || (height !== null && frame.height !== height)) {
      return abstain(
        'frame.wrong-size',
        `The camera sent ${frame.width}x${frame.height}, the station expects ${width ?? 'any'}x${height ?? 'any'}`,
      );
    }
    const fault = faultOf(frame);
    if (fault === 'black') return abstain('frame.black', 'The picture is black: light, lens cap or sensor');
    if (fault === 'frozen')
      return abstain('frame.frozen', `The camera repeats the same picture, ${options.frozenFrames} in a row`);
    const light = options.light === undefined ? undefined : judgeLight(frame, options.light);
    return light === undefined || light.ok
      ? undefined
      : abstain('light.fault', `The light is out of its limits: ${light.reason}`);
  };
}

function abstain(code: string, message: string): Abstain {
  return { kind: 'abstain', code, message };
}
