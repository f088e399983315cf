import type { Figure } from './figure.js';

/** A camera without lens distortion, square pixels, principal point in the middle. */
export interface PinholeCamera {
  readonly id: string;
  readonly xM: number;
  readonly yM: number;
  readonly heightM: number;
  /** Where it looks on the floor plan, counter-clockwise from x. */
  readonly yawDeg: number;
  /** Below the horizon; 90 looks straight down. */
  readonly pitchDeg: number;
  readonly rollDeg: number;
  readonly horizontalFovDeg: number;
  readonly width: number;
  readonly height: number;
}

/** What light and sensor do to a picture; all random parts come from the renderer's seed and the frame number. */
export interface SceneLook {
  /** 1 is the design light; 0.2 a night with emergency light. */
  readonly light: number;
  /** Kelvin of the lamps. */
  readonly colourTemperatureK: number;
  /** A patch of sun on the floor, 0 none to 1 strong. */
  readonly sun: number;
  /** Standard deviation of sensor noise, grey levels. */
  readonly noise: number;
  /** Standard deviation of the blur, pixels. */
  readonly blurPx: number;
}

export interface SceneRenderer {
  readonly camera: PinholeCamera;
  /** Fills `out` with width x height x 3 RGB bytes. Same seed, figures, look and frame number: same bytes. */
  render(figures: readonly Figure[], look: SceneLook, frameNumber: number, out: Uint8Array): void;
}
