import type { CameraCalibration, CameraSight, FloorPerson, StorePlan } from '@edge-blueprints/contracts';
import { depthInPolygonM } from '@edge-blueprints/vision';
import { createAgreementLog, type AgreementLog } from './camera-agreement.js';
import { createCameraFloor, type CameraFloor, type LocalPerson } from './camera-floor.js';
import { checkCalibrations } from './check-plan.js';
import type { StoreFloor } from './floor-port.js';
import { createHandover, type Handover } from './handover.js';

export interface StoreFloorOptions {
  readonly plan: StorePlan;
  readonly calibrations: readonly CameraCalibration[];
  /** Names of the keypoints of a detection, in its order; empty where the model has none. */
  readonly keypointNames: readonly string[];
  /** People of one camera that are followed; more are counted as dropped. */
  readonly maxPeople?: number;
}

/** The owner goes on answering so far beyond its border until another camera has taken over, metres. */
const overhangM = 0.3;
/** Tentative people have no number of their own. */
const noTrack = -1;

/**
 * People of all cameras on one floor. Each camera answers for its own part of it, so that nobody is told twice; who walks
 * from one part into the next keeps the number.
 * @throws ConfigError `retail.calibration` where authorities overlap or points do not pass the gate
 */
export function createStoreFloor(options: StoreFloorOptions): StoreFloor {
  const maxPeople = options.maxPeople ?? 100;
  const cameras = new Map<string, { calibration: CameraCalibration; floor: CameraFloor }>();
  const agreement: AgreementLog = createAgreementLog();
  const handover: Handover = createHandover({
    depthM: (camera, floor) => {
      const authority = cameras.get(camera)?.calibration.authority;
      return authority ? depthInPolygonM(authority, floor) : Number.NEGATIVE_INFINITY;
    },
    onBothSee: agreement.note,
    maxPeople: 4 * maxPeople,
  });
  const ended = { masked: 0, outsideFloor: 0, unplaced: 0, beyondCapacity: 0, stillFound: 0 };
  let { plan } = options;

  const add = (calibration: CameraCalibration): void => {
    const { camera } = calibration;
    const before = cameras.get(camera)?.floor.counters();
    if (before) for (const key of countNames) ended[key] += before[key];
    const floor = createCameraFloor({ calibration, plan, keypointNames: options.keypointNames, maxPeople });
    cameras.set(camera, { calibration, floor });
    handover.forget(camera);
  };

  checkCalibrations(options.calibrations.map((calibration) => ({ file: calibration.camera, calibration })));
  options.calibrations.forEach(add);

  return {
    see(camera, atMs, tracks): CameraSight | undefined {
      const own = cameras.get(camera);
      if (!own) return undefined;
      const { authority } = own.calibration;
      const locals = own.floor.update(atMs, tracks);
      const numbers = handover.update(camera, atMs, locals);
      const people = locals.flatMap((person): FloorPerson[] => {
        const known = numbers.get(person.local);
        const depthM = depthInPolygonM(authority, person.floor);
        if (known) return known.isOwner && depthM >= -overhangM ? [told(person, known.track)] : [];
        return person.confirmed || depthM < 0 ? [] : [told(person, noTrack)];
      });
      return { camera, atMs, people };
    },
    setCalibration(calibration) {
      const others = [...cameras.values()].map((c) => c.calibration).filter((c) => c.camera !== calibration.camera);
      checkCalibrations([...others, calibration].map((c) => ({ file: c.camera, calibration: c })));
      add(calibration);
    },
    setPlan(next) {
      plan = next;
      for (const { floor } of cameras.values()) floor.setPlan(next);
    },
    agreement: () => agreement.read(),
    counters: () => {
      const sums = { ...ended };
      for (const { floor } of cameras.values()) {
        const counts = floor.counters();
        for (const key of countNames) sums[key] += counts[key];
      }
      const { handovers, reconnected, refused } = handover.counters();
      return { ...sums, beyondCapacity: sums.beyondCapacity + refused, handovers, reconnected };
    },
  };
}

const countNames = ['masked', 'outsideFloor', 'unplaced', 'beyondCapacity', 'stillFound'] as const;

function told(person: LocalPerson, track: number): FloorPerson {
  return {
    track,
    confirmed: track !== noTrack,
    floor: person.floor,
    velocity: person.velocity,
    predicted: person.predicted,
    still: person.still,
  };
}
