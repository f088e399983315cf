import type { Clock } from '@edge-blueprints/contracts';
import type { StoreConfig } from '../config.js';
import type { StoreFloor } from '../floor/floor-port.js';
import { createStoreFloor } from '../floor/store-floor.js';
import type { StoreMeasures } from '../measures/measures-port.js';
import { createStoreMeasures } from '../measures/store-measures.js';
import { allowancesOf } from '../privacy/budget-accounts.js';
import { openBudgetLedger } from '../privacy/budget-ledger.js';
import { createSystemBits } from '../privacy/random-bits.js';
import type { Releaser } from '../privacy/release-ports.js';
import { createReleaser } from '../privacy/releaser.js';
import type { PlanFiles } from './plan-files.js';

/** Everything between a track and a number that may leave the store. */
export interface StoreFigures {
  readonly floor: StoreFloor;
  readonly measures: StoreMeasures;
  readonly releaser: Releaser;
}

/** @throws ConfigError `ledger.in-use`, `retail.*` */
export function openFigures(
  config: StoreConfig,
  parts: { readonly files: PlanFiles; readonly keypointNames: readonly string[]; readonly clock: Clock },
): StoreFigures {
  const { files, clock } = parts;
  const { privacy, measures, perception, cameras, store } = config;
  const calibrations = cameras.flatMap(({ id }) => files.calibration(id) ?? []);
  const floor = createStoreFloor({
    plan: files.plan(),
    calibrations,
    keypointNames: parts.keypointNames,
    maxPeople: perception.maxPeople,
  });
  const bits = createSystemBits();
  const ledger = openBudgetLedger({
    store: store.id,
    config: privacy.ledger,
    allowances: allowancesOf(privacy),
    clock,
    bits,
  });
  return {
    floor,
    measures: createStoreMeasures(files.plan(), {
      cameras: cameras.map(({ id, floorFramesPerS }) => ({ id, floorFramesPerS })),
      calibrations,
      minimumCount: privacy.liveMinimumCount,
      windowS: privacy.windows.shortS,
      graceS: measures.graceS,
      timeZone: store.timeZone,
      clock,
    }),
    releaser: createReleaser({ store: store.id, simulated: store.simulated, config: privacy, ledger, bits, clock }),
  };
}
