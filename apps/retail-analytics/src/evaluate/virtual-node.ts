import type { CameraCalibration, Clock, Detection, Frame, RetailRelease, StorePlan } from '@edge-blueprints/contracts';
import type { TrackerOptions } from '@edge-blueprints/vision';
import { createStoreFloor } from '../floor/store-floor.js';
import type { ExactFigures, LiveMeasures, MeasureEvent } from '../measures/measures-port.js';
import { createStoreMeasures } from '../measures/store-measures.js';
import { createPeopleTracker } from '../perception/people-tracker.js';
import { allowancesOf } from '../privacy/budget-accounts.js';
import { openBudgetLedger } from '../privacy/budget-ledger.js';
import type { PrivacyConfig } from '../privacy/privacy-config.js';
import { createSystemBits } from '../privacy/random-bits.js';
import { createReleaser } from '../privacy/releaser.js';

export interface VirtualNodeOptions {
  readonly plan: StorePlan;
  readonly calibrations: readonly CameraCalibration[];
  /** Names of the body points that detections carry, in their order. */
  readonly keypointNames: readonly string[];
  readonly tracker: TrackerOptions;
  /** Of the bundle whose people these are: from this score on a person is taken as found. */
  readonly threshold: number;
  readonly floorFramesPerS: number;
  readonly privacy: PrivacyConfig;
  readonly graceS: number;
  /** The time that the frames carry; it stands still between them. */
  readonly clock: Clock;
}

/** A store node without cameras, processes and real time: whoever has the people of a frame is told what they add up to. */
export interface VirtualNode {
  /** One frame's people of one camera. */
  see(frame: Pick<Frame, 'source' | 'capturedAtMs'>, people: readonly Detection[]): void;
  /** Time passes: windows close and are released. */
  advance(): void;
  /** Closes the open windows as at a clean stop. */
  finish(): void;
  readonly events: readonly MeasureEvent[];
  readonly releases: readonly RetailRelease[];
  exact(): ExactFigures;
  live(): LiveMeasures;
  /** Tracks that were confirmed, all cameras together. */
  tracks(): number;
  close(): void;
}

/** The node's own path from a detection to a release, in the time of its caller: for reports against a known truth. */
export function createVirtualNode(options: VirtualNodeOptions): VirtualNode {
  const { plan, calibrations, clock, privacy } = options;
  const events: MeasureEvent[] = [];
  const releases: RetailRelease[] = [];
  const floor = createStoreFloor({ plan, calibrations, keypointNames: options.keypointNames });
  const measures = createStoreMeasures(plan, {
    cameras: calibrations.map(({ camera }) => ({ id: camera, floorFramesPerS: options.floorFramesPerS })),
    calibrations,
    minimumCount: privacy.liveMinimumCount,
    windowS: privacy.windows.shortS,
    graceS: options.graceS,
    clock,
    onEvent: (event) => void events.push(event),
  });
  const bits = createSystemBits();
  const store = 'virtual';
  const ledger = openBudgetLedger({ store, config: privacy.ledger, allowances: allowancesOf(privacy), clock, bits });
  const releaser = createReleaser({ store, simulated: true, config: privacy, ledger, bits, clock });
  const trackers = new Map(
    calibrations.map(({ camera }) => [camera, createPeopleTracker(options.tracker, options.threshold)]),
  );
  const confirmed = new Set<string>();
  const release = (windows: ReturnType<typeof measures.due>): void => {
    for (const window of windows) releases.push(...releaser.release(measures.take(window), plan).releases);
  };
  return {
    see: ({ source, capturedAtMs }, people) => {
      const tracks = trackers.get(source)?.update(people, capturedAtMs) ?? [];
      for (const track of tracks) if (track.confirmed) confirmed.add(`${source} ${track.id}`);
      const sight = floor.see(source, capturedAtMs, tracks);
      if (sight !== undefined) measures.observe(sight);
    },
    advance: () => {
      const atMs = clock.monotonicMs();
      measures.advance(atMs);
      for (const { camera } of calibrations) measures.setCamera(camera, 'seeing', atMs);
      release(measures.due(atMs));
    },
    finish: () => {
      const atMs = clock.monotonicMs();
      release(measures.due(atMs));
      release(measures.cut(atMs));
      releases.push(...releaser.flush().releases);
    },
    events,
    releases,
    exact: () => measures.exact(clock.monotonicMs()),
    live: () => measures.snapshot(clock.monotonicMs()),
    tracks: () => confirmed.size,
    close: () => releaser.close(),
  };
}
