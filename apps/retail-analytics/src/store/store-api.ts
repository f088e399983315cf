import type { Clock, StoreView } from '@edge-blueprints/contracts';
import { DeviceError } from '@edge-blueprints/contracts';
import type { ApiRoute } from '@edge-blueprints/dashboard';
import { planRoutes } from '../api/plan-routes.js';
import { releaseRoutes } from '../api/release-routes.js';
import { storeRoutes } from '../api/store-routes.js';
import type { StoreConfig } from '../config.js';
import { releaseParquet } from '../export/parquet.js';
import { releaseCsv } from '../export/release-csv.js';
import type { StoreFloor } from '../floor/floor-port.js';
import type { StoreMeasures } from '../measures/measures-port.js';
import type { Releaser } from '../privacy/release-ports.js';
import type { StoreTelemetry } from '../telemetry/store-telemetry.js';
import type { CalibrationPictures } from './calibration-pictures.js';
import { calibrationErrors } from './plan-files.js';
import type { PlanFiles } from './plan-files.js';
import type { ReleaseDesk } from './release-desk.js';
import type { StoreCameras } from './store-cameras.js';

/** The page's API with the real parts behind it. Every act of the operator is an audit entry. */
export function storeApi(parts: {
  readonly config: StoreConfig;
  readonly view: () => StoreView;
  readonly drops: () => Readonly<Record<string, number>>;
  readonly files: PlanFiles;
  readonly floor: Pick<StoreFloor, 'setPlan' | 'setCalibration'>;
  readonly measures: Pick<StoreMeasures, 'edit' | 'setCalibration'>;
  readonly releaser: Pick<Releaser, 'budget' | 'head' | 'history'>;
  readonly desk: Pick<ReleaseDesk, 'plan' | 'refusals'>;
  readonly cameras: Pick<StoreCameras, 'of'>;
  readonly telemetry: Pick<StoreTelemetry, 'audit' | 'metrics' | 'drops' | 'uplink'>;
  readonly pictures: CalibrationPictures | undefined;
  readonly clock: Clock;
}): readonly ApiRoute[] {
  const { config, files, floor, measures, releaser, desk, cameras, telemetry, pictures, clock } = parts;
  return [
    ...storeRoutes({
      view: parts.view,
      health: () => healthOf(parts.view(), parts.drops(), telemetry.uplink()?.state ?? null),
      prometheus: telemetry.metrics.prometheus,
      budget: releaser.budget,
      ledgerHead: releaser.head,
      refusals: desk.refusals,
      calibrationPicture: pictures?.picture,
    }),
    ...releaseRoutes({ epochMs: clock.epochMs, releases: releaser.history, csv: releaseCsv, parquet: releaseParquet }),
    ...planRoutes({
      cameras: config.cameras.map(({ id }) => id),
      nowMs: clock.monotonicMs,
      editPlan: (edited, reason, who) => {
        const plan = files.savePlan(edited);
        desk.plan(plan);
        floor.setPlan(plan);
        measures.edit(plan, clock.monotonicMs());
        telemetry.audit(who, 'edit floor plan', `revision ${plan.revision}`, reason);
        return plan;
      },
      calibration: files.calibration,
      checkPoints: calibrationErrors,
      saveCalibration: (camera, save, who) => {
        const picture = cameras.of(camera)?.pictureSize();
        if (picture === undefined)
          throw new DeviceError(
            'store.no-picture',
            `Camera ${camera} has not sent a picture yet, so the size that the points belong to is unknown`,
          );
        const calibration = files.saveCalibration(camera, save, picture, new Date(clock.epochMs()));
        floor.setCalibration(calibration);
        measures.setCalibration(calibration);
        cameras.of(camera)?.calibrated(calibration);
        telemetry.audit(who, 'calibrate camera', `camera ${camera}`, save.reason);
        return calibration;
      },
    }),
  ];
}

function healthOf(view: StoreView, drops: Readonly<Record<string, number>>, uplink: string | null) {
  const states = Object.fromEntries(view.cameras.map(({ id, state }) => [id, state]));
  return {
    ok: view.cameras.some(({ state }) => state === 'seeing' || state === 'slow') && view.budget.ledger.state === 'open',
    cameras: states,
    ledger: view.budget.ledger.state,
    alarms: view.alarms.map(({ id, code }) => ({ id, code })),
    uplink,
    drops,
  };
}
