import { cameraCalibrationSchema, ConfigError, storePlanSchema } from '@edge-blueprints/contracts';
import type { CameraCalibration, CalibrationPoint, StorePlan } from '@edge-blueprints/contracts';
import { calibrateFloor, calibrationGateM } from '@edge-blueprints/vision';
import type { CalibrationErrors, CalibrationSave } from '../api/plan-routes.js';
import type { StoreCameraConfig } from '../config.js';
import { checkCalibrations, checkStorePlan } from '../floor/check-plan.js';
import type { CalibrationFile } from '../floor/check-plan.js';
import { readJsonFile, writeJsonFile } from './json-file.js';

/** The plan and the calibrations of a store, on the disk and checked. */
export interface PlanFiles {
  plan(): StorePlan;
  calibration(camera: string): CameraCalibration | undefined;
  /**
   * Keeps an edited plan under the next revision.
   * @throws ConfigError `retail.plan` with every problem, `store.plan-outdated` when somebody else was faster
   */
  savePlan(edited: StorePlan): StorePlan;
  /** @throws ConfigError `retail.calibration`, `vision.calibration-points` */
  saveCalibration(
    camera: string,
    save: CalibrationSave,
    picture: { readonly width: number; readonly height: number },
    at: Date,
  ): CameraCalibration;
}

/**
 * @param firstPlanFile read where `planFile` is not there yet; it may lie in a folder that cannot be written
 * @throws ConfigError `config.*`, `store.plan-missing`, `retail.plan`, `retail.calibration`, with every problem
 */
export function openPlanFiles(
  planFile: string,
  cameras: readonly StoreCameraConfig[],
  firstPlanFile?: string,
): PlanFiles {
  const kept = readJsonFile(planFile, storePlanSchema);
  const read = kept ?? (firstPlanFile === undefined ? undefined : readJsonFile(firstPlanFile, storePlanSchema));
  if (read === undefined)
    throw new ConfigError(
      'store.plan-missing',
      `There is no floor plan at ${[planFile, ...(firstPlanFile === undefined ? [] : [firstPlanFile])].join(' or ')}; config/plan.example.json is one`,
    );
  checkStorePlan(read, kept === undefined && firstPlanFile !== undefined ? firstPlanFile : planFile);
  let plan: StorePlan = read;
  const calibrations = new Map<string, CalibrationFile>();
  for (const { id, calibration: file } of cameras) {
    const calibration = readJsonFile(file, cameraCalibrationSchema);
    if (calibration === undefined) continue;
    if (calibration.camera !== id)
      throw new ConfigError(
        'retail.calibration',
        `${file} is the calibration of camera ${calibration.camera}, but the configuration gives it to ${id}`,
      );
    calibrations.set(id, { file, calibration });
  }
  checkCalibrations([...calibrations.values()]);

  return {
    plan: () => plan,
    calibration: (camera) => calibrations.get(camera)?.calibration,
    savePlan: (edited) => {
      if (edited.revision !== plan.revision)
        throw new ConfigError(
          'store.plan-outdated',
          `This plan is an edit of revision ${edited.revision}, but the store measures by revision ${plan.revision}; load it again`,
        );
      const next = { ...edited, revision: plan.revision + 1 };
      checkStorePlan(next, planFile);
      writeJsonFile(planFile, next);
      plan = next;
      return next;
    },
    saveCalibration: (camera, save, picture, at) => {
      const file = cameras.find(({ id }) => id === camera)?.calibration;
      if (file === undefined) throw new ConfigError('store.camera-unknown', `There is no camera ${camera}`);
      const { homography, heldOut } = calibrateFloor(save.points);
      const calibration: CameraCalibration = {
        format: 'edge-camera-calibration/1',
        camera,
        imageWidth: picture.width,
        imageHeight: picture.height,
        mount: save.mount,
        heightM: save.heightM,
        nadir: save.nadir,
        points: save.points,
        homography,
        heldOut,
        authority: save.authority,
        calibratedAt: at.toISOString(),
      };
      const others = [...calibrations.values()].filter((each) => each.calibration.camera !== camera);
      checkCalibrations([...others, { file, calibration }]);
      writeJsonFile(file, calibration);
      calibrations.set(camera, { file, calibration });
      return calibration;
    },
  };
}

/** How well clicked points agree. @throws ConfigError `vision.calibration-points` */
export function calibrationErrors(points: readonly CalibrationPoint[]): CalibrationErrors {
  const { heldOut, heldOutM, residualsM } = calibrateFloor(points);
  const cm = (metres: number): number => Math.round(metres * 1_000) / 10;
  return {
    residualsCm: residualsM.map(cm),
    heldOutCm: heldOutM.map(cm),
    medianCm: cm(heldOut.medianM),
    p95Cm: cm(heldOut.p95M),
    deployable: heldOut.p95M <= calibrationGateM,
  };
}
