import { encodePng } from '@edge-blueprints/cameras';
import { createBackground } from '../perception/background.js';
import type { Background } from '../perception/background.js';

/** People-free backgrounds for the calibration page, where the configuration asks for them. */
export interface CalibrationPictures {
  of(camera: string): Background | undefined;
  /**
   * The background of a camera as PNG, made for this answer and kept nowhere; a sentence where it is refused. Every
   * access is an audit entry before the picture is made.
   */
  picture(camera: string, who: string): Promise<Uint8Array | string>;
}

const everyMs = 1_000;
/** With no frame looked at for so long the detector cannot vouch for the background, ms. */
const healthyMs = 3_000;

export function createCalibrationPictures(options: {
  readonly cameras: readonly string[];
  /** Since a frame of this camera was last looked at, ms; undefined before the first. */
  readonly sinceLookedMs: (camera: string) => number | undefined;
  /** Whether the model that finds people runs. */
  readonly modelRuns: () => boolean;
  readonly audit: (who: string, action: string, target: string, reason: string) => void;
}): CalibrationPictures {
  const backgrounds = new Map(options.cameras.map((camera) => [camera, createBackground(everyMs)]));
  return {
    of: (camera) => backgrounds.get(camera),
    picture: async (camera, who) => {
      const background = backgrounds.get(camera);
      if (background === undefined) return `There is no camera ${camera}`;
      const sinceMs = options.sinceLookedMs(camera);
      if (!options.modelRuns() || sinceMs === undefined || sinceMs > healthyMs)
        return 'The model that finds people is not looking at this camera now, so nobody can be kept out of a picture';
      const picture = background.picture();
      if (picture === undefined)
        return 'The background is not known yet: it takes half a minute in which most of the floor is free of people';
      options.audit(who, 'look at calibration picture', `camera ${camera}`, 'people-free background');
      return (await encodePng(picture)).bytes;
    },
  };
}
