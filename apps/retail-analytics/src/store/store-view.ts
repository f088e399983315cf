import type { BudgetView, StoreCameraView, StorePlan, StoreView } from '@edge-blueprints/contracts';
import type { StoreConfig } from '../config.js';
import type { LiveMeasures } from '../measures/measures-port.js';

/** Everything that the page shows, as it is at the moment. */
export interface StoreSituation {
  readonly nowEpochMs: number;
  readonly plan: StorePlan;
  readonly live: LiveMeasures;
  readonly cameras: readonly StoreCameraView[];
  readonly budget: BudgetView;
  readonly releases: StoreView['releases'];
  readonly alarms: StoreView['alarms'];
  readonly model: StoreView['model'];
}

/** Privacy unit of every figure that leaves the store. */
const unit = 'track-visit';

export function storeView(config: StoreConfig, now: StoreSituation): StoreView {
  const { people, lines, zones, queues, heat } = now.live;
  return {
    store: config.store.id,
    simulated: config.store.simulated,
    atEpochMs: now.nowEpochMs,
    plan: now.plan,
    people,
    lines,
    zones,
    queues,
    cameras: now.cameras,
    heat,
    budget: now.budget,
    releases: now.releases,
    alarms: now.alarms,
    model: now.model,
    privacy: {
      // The one way in which pixels can leave this process, and they show no people that the model finds.
      debugCapable: config.page.calibrationPictures,
      minimumCount: config.privacy.liveMinimumCount,
      unit,
      fragmentation: config.privacy.fragmentation,
    },
  };
}
