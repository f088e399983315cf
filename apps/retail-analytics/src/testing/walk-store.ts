import type { FloorPerson, FloorPoint, StorePlan } from '@edge-blueprints/contracts';
import type { MeasureEvent, StoreMeasures } from '../measures/measures-port.js';
import { createStoreMeasures, type StoreMeasuresOptions } from '../measures/store-measures.js';
import { emptyPlan } from './flat-camera.js';
import { flatCamera } from './flat-camera.js';

/** Where somebody is at a second; undefined while nobody sees them. */
export type Walk = (s: number) => FloorPoint | undefined;

const rectangle = (x0: number, y0: number, x1: number, y1: number): [number, number][] => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];

/** 8 x 6 m: a door line at y 1, two zones side by side, one over both, a queue along the right wall, a staff room. */
export const walkPlan: StorePlan = {
  ...emptyPlan,
  zones: [
    { id: 'left', name: 'Left', polygon: rectangle(0.5, 2, 2.5, 5) },
    { id: 'middle', name: 'Middle', polygon: rectangle(2.5, 2, 4.5, 5) },
    { id: 'both', name: 'Both', polygon: rectangle(0.5, 2, 4.5, 5) },
  ],
  lines: [{ id: 'door', name: 'Door', from: [0, 1], to: [3, 1], inside: 'left' }],
  queues: [{ id: 'till', name: 'Till', servicePoint: [7, 1.5], directionDeg: 90, area: rectangle(5, 1, 8, 6) }],
  staffAreas: [rectangle(3.5, 0, 4.9, 1)],
};

/** 2026-01-01T10:00:00Z: a full hour. */
export const walkEpochMs = 1_767_261_600_000;

export interface WalkStore {
  readonly measures: StoreMeasures;
  readonly events: readonly MeasureEvent[];
  /** The wall clock goes on from here by this much. */
  jump(ms: number): void;
  /** All of these walk from one second to another; numbers are their places in the list plus `base`. */
  walk(fromS: number, toS: number, walks: readonly Walk[], change?: (person: FloorPerson) => FloorPerson): void;
  /** Time passes, nobody looks. */
  pass(toS: number): void;
}

/** A store with one camera in virtual time. */
export function createWalkStore(
  options: Partial<StoreMeasuresOptions> & { fps?: number; plan?: StorePlan } = {},
): WalkStore {
  const fps = options.fps ?? 8;
  let nowMs = 0;
  let offsetMs = walkEpochMs;
  let key = 0;
  const events: MeasureEvent[] = [];
  const measures = createStoreMeasures(options.plan ?? walkPlan, {
    cameras: [{ id: 'only', floorFramesPerS: 8 }],
    calibrations: [flatCamera('only', [0, 0, 8, 6])],
    minimumCount: 3,
    windowS: 3_600,
    graceS: 60,
    clock: { monotonicMs: () => nowMs, epochMs: () => nowMs + offsetMs },
    newKey: () => String((key += 1)).padStart(16, '0'),
    onEvent: (event) => events.push(event),
    ...options,
  });
  return {
    measures,
    events,
    jump: (ms) => {
      offsetMs += ms;
    },
    walk: (fromS, toS, walks, change = (person) => person) => {
      for (let frame = Math.ceil(fromS * fps); frame <= toS * fps; frame += 1) {
        nowMs = (frame * 1000) / fps;
        const people = walks.flatMap((walk, i): FloorPerson[] => {
          const floor = walk(nowMs / 1000);
          const later = walk(nowMs / 1000 + 0.5);
          if (!floor) return [];
          const velocity: FloorPoint = later ? [(later[0] - floor[0]) * 2, (later[1] - floor[1]) * 2] : [0, 0];
          return [change({ track: i + 1, confirmed: true, floor, velocity, predicted: false, still: false })];
        });
        measures.observe({ camera: 'only', atMs: nowMs, people });
      }
    },
    pass: (toS) => {
      const stepMs = toS * 1000 - nowMs > 100_000 ? 1_000 : 250;
      for (nowMs += stepMs; nowMs <= toS * 1000; nowMs += stepMs) measures.advance(nowMs);
      nowMs = toS * 1000;
    },
  };
}
