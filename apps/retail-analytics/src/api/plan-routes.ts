import {
  calibrationPointSchema,
  errorCode,
  errorMessage,
  floorPointSchema,
  floorPolygonSchema,
  storePlanSchema,
} from '@edge-blueprints/contracts';
import type { CameraCalibration, CalibrationPoint, StorePlan } from '@edge-blueprints/contracts';
import { json, problem } from '@edge-blueprints/dashboard';
import type { ApiReply, ApiRoute } from '@edge-blueprints/dashboard';
import { z } from 'zod';
import { badRequest } from './bad-request.js';

const reason = z.string().trim().min(3).max(500);
const planEditSchema = z.strictObject({ plan: storePlanSchema, reason });
const pointsSchema = z.strictObject({ points: z.array(calibrationPointSchema).min(4).max(200) });
const calibrationSaveSchema = z.strictObject({
  points: z.array(calibrationPointSchema).min(4).max(200),
  mount: z.enum(['overhead', 'oblique']),
  heightM: z.number().gt(1).max(30),
  nadir: floorPointSchema,
  authority: floorPolygonSchema,
  reason,
});
export type CalibrationSave = Readonly<z.infer<typeof calibrationSaveSchema>>;

/** How well clicked points agree, centimetres. */
export interface CalibrationErrors {
  readonly residualsCm: readonly number[];
  /** Each point predicted from the others. */
  readonly heldOutCm: readonly number[];
  readonly medianCm: number;
  readonly p95Cm: number;
  /** False where the error is too large to count with. */
  readonly deployable: boolean;
}

const maxBodyBytes = 262_144;
/** Checking points costs tens of milliseconds of the thread that counts people: after one it rests this much longer. */
const restFactor = 5;

/** Edits of plan and calibrations. Looking at the errors of points is free; whatever is kept needs the operator. */
export function planRoutes(deps: {
  /**
   * Keeps the plan under the next revision and measures by it from now on.
   * @throws EdgeError with every problem of the plan
   */
  readonly editPlan: (plan: StorePlan, reason: string, who: string) => StorePlan;
  readonly cameras: readonly string[];
  /** Of a monotonic clock. */
  readonly nowMs: () => number;
  readonly calibration: (camera: string) => CameraCalibration | undefined;
  /** @throws EdgeError `vision.calibration-points` */
  readonly checkPoints: (points: readonly CalibrationPoint[]) => CalibrationErrors;
  /** @throws EdgeError when the points or the authority cannot be used */
  readonly saveCalibration: (camera: string, save: CalibrationSave, who: string) => CameraCalibration;
}): readonly ApiRoute[] {
  const unknownCamera = (camera: string): ApiReply =>
    problem(404, 'store.camera-unknown', `There is no camera ${camera}; there are ${deps.cameras.join(', ')}`);
  let checkAtMs = Number.NEGATIVE_INFINITY;
  return [
    {
      method: 'post',
      path: '/api/plan',
      access: 'operator',
      maxBodyBytes,
      handle: ({ body, user }) => {
        const parsed = planEditSchema.safeParse(body);
        if (!parsed.success) return badRequest(parsed.error);
        return attempt(() => deps.editPlan(parsed.data.plan, parsed.data.reason, user?.name ?? 'operator'));
      },
    },
    {
      method: 'get',
      path: '/api/calibration/:camera',
      access: 'public',
      handle: ({ params: { camera = '' } }) => {
        if (!deps.cameras.includes(camera)) return unknownCamera(camera);
        return json(deps.calibration(camera) ?? null);
      },
    },
    {
      method: 'post',
      path: '/api/calibration/:camera/check',
      access: 'public',
      maxBodyBytes,
      handle: ({ params: { camera = '' }, body }) => {
        if (!deps.cameras.includes(camera)) return unknownCamera(camera);
        const parsed = pointsSchema.safeParse(body);
        if (!parsed.success) return badRequest(parsed.error);
        const startedMs = deps.nowMs();
        if (startedMs < checkAtMs)
          return problem(429, 'store.check-limited', 'Points are being checked already; ask again in a moment');
        const reply = attempt(() => deps.checkPoints(parsed.data.points));
        checkAtMs = deps.nowMs() + restFactor * (deps.nowMs() - startedMs);
        return reply;
      },
    },
    {
      method: 'post',
      path: '/api/calibration/:camera',
      access: 'operator',
      maxBodyBytes,
      handle: ({ params: { camera = '' }, body, user }) => {
        if (!deps.cameras.includes(camera)) return unknownCamera(camera);
        const parsed = calibrationSaveSchema.safeParse(body);
        if (!parsed.success) return badRequest(parsed.error);
        return attempt(() => deps.saveCalibration(camera, parsed.data, user?.name ?? 'operator'));
      },
    },
  ];
}

/** What the operator gave and cannot be used is an answer, not a fault of the page. */
function attempt(work: () => unknown): ApiReply {
  try {
    return json(work());
  } catch (error) {
    const code = errorCode(error);
    if (code === 'unexpected') throw error;
    return problem(code === 'store.plan-outdated' ? 409 : 400, code, errorMessage(error));
  }
}
