import type { FloorPolygon, StorePlan } from '@edge-blueprints/contracts';
import { createRandom } from '@edge-blueprints/contracts';
import type { Figure } from './scene/figure.js';
import type { PinholeCamera, SceneLook } from './scene/scene.js';
import type { StoreCameraName } from './store-cameras.js';
import { storeCameras } from './store-cameras.js';
import type { StoreFault } from './store-faults.js';
import { mannequinFigures, storeLook } from './store-faults.js';
import { demoGround, demoPremises } from './store-premises.js';
import { storeAuthorities, storePlan } from './store-plan.js';
import type { StoreTruth } from './store-truth.js';
import { createStoreTruth } from './store-truth.js';
import type { DayProfile } from './walkers/arrivals.js';
import { createArrivals, shareAt } from './walkers/arrivals.js';
import { createCustomers } from './walkers/customers.js';
import { createPassers } from './walkers/passers.js';
import { createQueueLine } from './walkers/queue-line.js';
import { moveWalkers } from './walkers/social-force.js';
import { createStaff } from './walkers/staff.js';
import type { Walker } from './walkers/walker.js';
import { figureOf } from './walkers/walker.js';

export interface StoreOptions {
  readonly seed: number;
  /** Mean over the profile; a party that finds the store full is counted and does not come. */
  readonly peoplePerHour?: number;
  readonly profile?: DayProfile;
  /** Hour of the day at time 0. */
  readonly startHour?: number;
  /** Of the pictures. */
  readonly width?: number;
  readonly height?: number;
}

/** A store whose people live in virtual time: nothing moves but by `step`. */
export interface Store {
  readonly plan: StorePlan;
  readonly cameras: Readonly<Record<StoreCameraName, PinholeCamera>>;
  readonly authorities: Readonly<Record<StoreCameraName, FloorPolygon>>;
  /** Seconds since the beginning. */
  readonly nowS: number;
  /** What was asked for with `step`: up to 0.05 s more than was lived. */
  readonly askedS: number;
  /** The store lives in steps of 0.05 s: many short calls and few long ones give the same people. */
  step(dtS: number): void;
  figures(): readonly Figure[];
  /** Light of a picture taken now. */
  look(): SceneLook;
  truth(): StoreTruth;
  setFault(name: StoreFault, on: boolean): void;
  counters(): StoreCounters;
}

export interface StoreCounters {
  readonly cameToDoor: number;
  /** Parties that found the store full, and that found every queue full. */
  readonly turnedAway: number;
  readonly balked: number;
}

const stepS = 0.05;
/** The truth is looked at ten times a second: nobody walks farther than 15 cm between. */
const truthEvery = 2;
const mostPeople = 140;
const crowdPeople = 60;
const crowdEveryS = 2;
/** So often somebody goes to look into the mirror while that fault lasts, and so long. */
const mirrorEveryS = 15;
const mirrorLookS = 40;
const queueBends = [7, -5] as const;
const queueLengthM = 5.2;
const meanServiceS = 34;

export function createStore(options: StoreOptions): Store {
  const { seed, peoplePerHour = 240, profile = 'flat', startHour = 15, width = 640, height = 360 } = options;
  const random = createRandom(seed);
  const plan = storePlan;
  const { floor, routes, spots } = demoGround();
  const truth = createStoreTruth(plan);
  const queues = plan.queues.map((queue, index) =>
    createQueueLine(queue, {
      random: random.fork(queue.id),
      meanServiceS,
      bendDegPerM: queueBends[index % queueBends.length] ?? 0,
      lengthM: queueLengthM,
      report: (event) => truth.takeQueue(event),
    }),
  );
  const arrivals = createArrivals(random.fork('arrivals'), { peoplePerHour, profile, startHour });
  const customers = createCustomers(random.fork('customers'), {
    floor,
    routes,
    spots,
    queues,
    doorway: demoPremises.doorway,
  });
  const staff = createStaff(random.fork('staff'), demoPremises.tillPosts, demoPremises.stockRoom, spots, 900_000);
  const passers = createPassers(random.fork('passers'), demoPremises.passing, (peoplePerHour / 3) * 0.5, 800_000);
  const faults = new Set<StoreFault>();
  let steps = 0;
  let askedS = 0;
  let nextParty = 1;
  let nextPerson = 1;
  let cameToDoor = 0;
  let turnedAway = 0;
  let crowdLeft = 0;
  let crowdAtS = 0;
  let mirrorAtS = 0;
  let mirrorLooks = 0;

  const everybody = (): Walker[] => [
    ...customers.parties.flatMap(({ members }) => members),
    ...staff.walkers,
    ...passers.walkers,
  ];
  const arrive = (): void => {
    const inside = customers.parties.reduce((sum, { members }) => sum + members.length, 0);
    if (inside >= mostPeople) {
      turnedAway += 1;
      return;
    }
    const party = customers.arrive(nextParty, nextPerson);
    nextParty += 1;
    nextPerson += party.members.length;
    cameToDoor += party.members.length;
    crowdLeft = Math.max(0, crowdLeft - party.members.length);
  };
  const tick = (): void => {
    steps += 1;
    const nowS = steps * stepS;
    for (let come = arrivals.step(nowS); come > 0; come -= 1) arrive();
    if (crowdLeft > 0 && nowS >= crowdAtS) {
      arrive();
      crowdAtS = nowS + crowdEveryS;
    }
    if (faults.has('mirror') && nowS >= mirrorAtS) {
      const place = demoPremises.mirrorPlaces[mirrorLooks % demoPremises.mirrorPlaces.length];
      if (place) customers.invite(place.at, place.faceRad, mirrorLookS);
      mirrorLooks += 1;
      mirrorAtS = nowS + mirrorEveryS;
    }
    customers.step(nowS);
    staff.step(nowS);
    passers.step(nowS, shareAt(profile, startHour, nowS));
    const walkers = everybody();
    moveWalkers(walkers, floor, routes, nowS, stepS);
    if (steps % truthEvery === 0)
      truth.observe(
        nowS,
        walkers.map(({ id, party, role, xM, yM }) => ({ id, party, staff: role === 'staff', xM, yM })),
      );
  };

  return {
    plan,
    cameras: storeCameras(width, height),
    authorities: storeAuthorities,
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
    figures: () => {
      const people = everybody().map(figureOf);
      return [...people, ...mannequinFigures(faults.has('mannequins'))];
    },
    look: () => storeLook(faults),
    truth: () => truth.report(),
    setFault: (name, on) => {
      if (on) faults.add(name);
      else faults.delete(name);
      if (name === 'staff-everywhere') staff.setEverywhere(on);
      if (name === 'queue-rush' && on) customers.rush();
      if (name === 'crowd') crowdLeft = on ? crowdPeople : 0;
    },
    counters: () => ({ cameToDoor, turnedAway, balked: customers.balked }),
  };
}
