import type { FloorPoint, StorePlan } from '@edge-blueprints/contracts';
import { ConfigError, createRandom } from '@edge-blueprints/contracts';
import { parseTrajectories, trajectoryAt } from './replay-trajectories.js';
import type { Body, Figure } from './scene/figure.js';
import type { PinholeCamera } from './scene/scene.js';
import type { StoreCameraName } from './store-cameras.js';
import type { StoreFault } from './store-faults.js';
import { storeLook } from './store-faults.js';
import type { Store } from './store-simulation.js';
import { createStoreTruth } from './store-truth.js';
import { drawBody } from './walkers/wardrobe.js';

const stepS = 0.05;
const truthEvery = 2;
/** Floor around the outermost positions. */
const marginM = 1;

/** People of a recording on an empty floor that fits them, with the same cameras, truth and look as the store has. */
export function createReplay(options: {
  readonly text: string;
  /** Named in errors. */
  readonly file: string;
  readonly seed: number;
  readonly width?: number;
  readonly height?: number;
}): Store {
  const { seed, width = 640, height = 360 } = options;
  const recorded = parseTrajectories(options.text, options.file);
  const points = recorded.flatMap((way) => way.points);
  const least = (axis: 'xM' | 'yM'): number => points.reduce((low, point) => Math.min(low, point[axis]), Infinity);
  const most = (axis: 'xM' | 'yM'): number => points.reduce((high, point) => Math.max(high, point[axis]), -Infinity);
  const [left, front] = [least('xM') - marginM, least('yM') - marginM];
  const widthM = Math.ceil(most('xM') + marginM - left);
  const depthM = Math.ceil(most('yM') + marginM - front);
  const plan = emptyFloor(widthM, depthM);
  const truth = createStoreTruth(plan);
  const random = createRandom(seed);
  const people = recorded.map((way) => ({ way, body: drawBody(random.fork(`person ${way.person}`), 'adult') }));
  const faults = new Set<StoreFault>();
  const headings = new Map<number, number>();
  const gaits = new Map<number, number>();
  let steps = 0;
  let askedS = 0;

  const now = (): Figure[] =>
    people.flatMap(({ way, body }): Figure[] => {
      const at = trajectoryAt(way, steps * stepS);
      if (at === undefined) return [];
      const speedMps = Math.hypot(at.vxMps, at.vyMps);
      return [
        {
          id: way.person,
          xM: at.xM - left,
          yM: at.yM - front,
          headingRad: headings.get(way.person) ?? 0,
          speedMps,
          gait: gaits.get(way.person) ?? 0,
          posture: speedMps > 0.25 ? 'walk' : 'stand',
          pushes: 'nothing',
          body,
          alive: true,
        },
      ];
    });
  const tick = (): void => {
    steps += 1;
    for (const { way, body } of people) {
      const at = trajectoryAt(way, steps * stepS);
      if (at === undefined) continue;
      const speedMps = Math.hypot(at.vxMps, at.vyMps);
      if (speedMps > 0.2 || !headings.has(way.person)) headings.set(way.person, Math.atan2(at.vyMps, at.vxMps));
      gaits.set(way.person, nextGait(gaits.get(way.person) ?? 0, speedMps, body));
    }
    if (steps % truthEvery !== 0) return;
    // A recording does not tell who belongs together: everybody is a party.
    truth.observe(
      steps * stepS,
      now().map(({ id, xM, yM }) => ({ id, party: id, staff: false, xM, yM })),
    );
  };

  return {
    plan,
    cameras: replayCameras(widthM, depthM, width, height),
    authorities: replayAuthorities(widthM, depthM),
    get nowS() {
      return steps * stepS;
    },
    get askedS() {
      return askedS;
    },
    step: (dtS) => {
      askedS += dtS;
      while ((steps + 1) * stepS <= askedS + 1e-6) tick();
    },
    figures: now,
    look: () => storeLook(faults),
    truth: () => truth.report(),
    setFault: (name, on) => {
      if (name !== 'dark' && name !== 'sun')
        throw new ConfigError(
          'rig.replay-fault',
          `A replay cannot do ${name}: its people are recorded. Light and camera faults work.`,
        );
      if (on) faults.add(name);
      else faults.delete(name);
    },
    counters: () => ({ cameToDoor: 0, turnedAway: 0, balked: 0 }),
  };
}

function nextGait(gait: number, speedMps: number, { heightM }: Body): number {
  return (gait + (speedMps * stepS) / (0.85 * heightM * Math.max(0.5, Math.sqrt(speedMps / 1.3)))) % 1;
}

const box = (x0: number, y0: number, x1: number, y1: number): FloorPoint[] => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];

function emptyFloor(widthM: number, depthM: number): StorePlan {
  const [x, y] = [widthM / 2, depthM / 2];
  return {
    format: 'edge-store-plan/1',
    revision: 1,
    name: 'Replay',
    widthM,
    depthM,
    fixtures: [],
    zones: [
      { id: 'left', name: 'Left half', polygon: box(0, 0, x, depthM) },
      { id: 'right', name: 'Right half', polygon: box(x, 0, widthM, depthM) },
      { id: 'centre', name: 'Centre', polygon: box(x / 2, y / 2, 1.5 * x, 1.5 * y) },
    ],
    lines: [{ id: 'middle', name: 'Middle', from: [x, 0], to: [x, depthM], inside: 'right' }],
    queues: [],
    staffAreas: [],
    masks: [],
  };
}

const centreHalfX = 2.8;
const centreHalfY = 2;

function replayCameras(
  widthM: number,
  depthM: number,
  width: number,
  height: number,
): Readonly<Record<StoreCameraName, PinholeCamera>> {
  const picture = { rollDeg: 0, width, height };
  const corner = { yM: 0.3, heightM: 5, pitchDeg: 36, horizontalFovDeg: 100, ...picture };
  return {
    entrance: {
      id: 'entrance',
      xM: widthM / 2,
      yM: depthM / 2,
      heightM: 5.5,
      yawDeg: 90,
      pitchDeg: 90,
      horizontalFovDeg: 105,
      ...picture,
    },
    aisles: { id: 'aisles', xM: 0.3, yawDeg: 48, ...corner },
    tills: { id: 'tills', xM: widthM - 0.3, yawDeg: 132, ...corner },
  };
}

/** The overhead camera has the middle, the corners their half around it. */
function replayAuthorities(widthM: number, depthM: number): Readonly<Record<StoreCameraName, FloorPoint[]>> {
  const [x, y] = [widthM / 2, depthM / 2];
  const [halfX, halfY] = [Math.min(centreHalfX, x / 2), Math.min(centreHalfY, y / 2)];
  const half = (edge: number, side: 1 | -1): FloorPoint[] => [
    [edge, 0],
    [x, 0],
    [x, y - halfY],
    [x + side * halfX, y - halfY],
    [x + side * halfX, y + halfY],
    [x, y + halfY],
    [x, depthM],
    [edge, depthM],
  ];
  return {
    entrance: box(x - halfX, y - halfY, x + halfX, y + halfY),
    aisles: half(0, -1),
    tills: half(widthM, 1),
  };
}
