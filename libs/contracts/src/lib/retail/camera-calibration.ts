import { z } from 'zod';
import { floorPointSchema, floorPolygonSchema } from './store-plan.js';

const finite = z.number().refine(Number.isFinite);

/** One clicked pair: a pixel of the calibration picture and the metres of the same spot on the floor. */
export const calibrationPointSchema = z.strictObject({
  pixel: z.tuple([finite, finite]).readonly(),
  floor: floorPointSchema,
});
export type CalibrationPoint = Readonly<z.infer<typeof calibrationPointSchema>>;

/**
 * How the pixels of one camera lie on the floor. `homography` takes a pixel (x, y, 1) to floor metres up to scale,
 * row-major 3x3. `heightM` and `nadir` (the floor point under the lens) let a head be brought down to its feet:
 * foot = nadir + (p - nadir) (H - h) / H, where p is the head's pixel taken to the floor and h the height of the head.
 */
export const cameraCalibrationSchema = z.strictObject({
  format: z.literal('edge-camera-calibration/1'),
  camera: z.string().min(1).max(32),
  imageWidth: z.int().positive().max(8192),
  imageHeight: z.int().positive().max(8192),
  mount: z.enum(['overhead', 'oblique']),
  heightM: z.number().gt(1).max(30),
  nadir: floorPointSchema,
  points: z.array(calibrationPointSchema).min(4).max(200).readonly(),
  homography: z.array(finite).length(9).readonly(),
  /** Each point predicted from the others, metres. */
  heldOut: z.strictObject({ medianM: z.number().nonnegative(), p95M: z.number().nonnegative() }),
  /** The floor that this camera alone answers for. No point of the floor has two authorities. */
  authority: floorPolygonSchema,
  calibratedAt: z.iso.datetime(),
});
export type CameraCalibration = Readonly<z.infer<typeof cameraCalibrationSchema>>;
