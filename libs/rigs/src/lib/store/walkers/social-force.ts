import type { FloorPoint } from '@edge-blueprints/contracts';
import type { RouteFinder } from './route-finder.js';
import type { WalkableFloor } from './walkable-floor.js';
import type { Walker } from './walker.js';
import { placeOf } from './walker.js';

/** Seconds in which somebody takes up the wanted velocity. */
const relaxationS = 0.45;
/** Strength and reach of the push that people keep each other away with (Helbing and Molnar 1995, strengths as fitted since). */
const pushMps2 = 3.2;
const reachM = 0.22;
/** Share of that push from people who are behind. */
const behindShare = 0.25;
const wallPushMps2 = 4;
const wallReachM = 0.09;
/** People evade to their right a little, so that two who meet do not mirror each other. */
const evadeShare = 0.25;
const interactM = 1.6;
const sightEveryS = 0.4;

/**
 * One step of the social-force model: everybody is drawn to the wanted velocity and pushed by neighbours and walls; then
 * overlaps are undone, fixtures last, so that nobody ever stands in one.
 */
export function moveWalkers(
  walkers: readonly Walker[],
  floor: WalkableFloor,
  routes: RouteFinder,
  nowS: number,
  dtS: number,
): void {
  const pushes = neighbourPushes(walkers, nowS);
  walkers.forEach((walker, at) => {
    const [wx, wy] = wanted(walker, routes, nowS);
    const [slopeX, slopeY] = floor.slope(walker.xM, walker.yM);
    const steep = Math.hypot(slopeX, slopeY) || 1;
    const gap = floor.clearance(walker.xM, walker.yM) - walker.radiusM;
    const wall = wallPushMps2 * Math.exp(-gap / wallReachM);
    const wallPush = Math.min(wall, 8);
    const ax = (wx - walker.vxMps) / relaxationS + (pushes[2 * at] ?? 0) + (wallPush * slopeX) / steep;
    const ay = (wy - walker.vyMps) / relaxationS + (pushes[2 * at + 1] ?? 0) + (wallPush * slopeY) / steep;
    walker.vxMps += ax * dtS;
    walker.vyMps += ay * dtS;
    const speed = Math.hypot(walker.vxMps, walker.vyMps);
    const limit = walker.speedMps * 1.3;
    if (speed > limit) {
      walker.vxMps *= limit / speed;
      walker.vyMps *= limit / speed;
    }
    walker.xM += walker.vxMps * dtS;
    walker.yM += walker.vyMps * dtS;
  });
  separate(walkers, nowS);
  for (const walker of walkers) {
    keepOff(walker, floor);
    turn(walker, nowS, dtS);
  }
}

/** The velocity somebody would have alone on this floor. */
function wanted(walker: Walker, routes: RouteFinder, nowS: number): FloorPoint {
  const left = Math.hypot(walker.goal[0] - walker.xM, walker.goal[1] - walker.yM);
  if (left < 0.25) {
    // Standing people shift their weight: a few centimetres every few seconds.
    if (nowS >= walker.swayAtS) {
      walker.swayX = 0.05 * walker.random.normal();
      walker.swayY = 0.05 * walker.random.normal();
      walker.swayAtS = nowS + 4 + 10 * walker.random.next();
    }
    walker.stuckS = 0;
    return [(walker.goal[0] + walker.swayX - walker.xM) / 1.2, (walker.goal[1] + walker.swayY - walker.yM) / 1.2];
  }
  const reached = Math.hypot(walker.waypoint[0] - walker.xM, walker.waypoint[1] - walker.yM) < 0.3;
  if (nowS - walker.waypointAtS > sightEveryS || walker.waypointAtS < 0 || reached) {
    walker.waypoint = routes.waypoint(placeOf(walker), walker.goal, walker.access);
    walker.waypointAtS = nowS;
  }
  const dx = walker.waypoint[0] - walker.xM;
  const dy = walker.waypoint[1] - walker.yM;
  const away = Math.hypot(dx, dy) || 1;
  const speed = Math.min(walker.speedMps * walker.pace, 0.12 + left / 0.7);
  if (Math.hypot(walker.vxMps, walker.vyMps) < 0.08) walker.stuckS += 0.05;
  else walker.stuckS = Math.max(0, walker.stuckS - 0.1);
  if (walker.stuckS > 2.5) {
    walker.thinUntilS = nowS + 2.5;
    walker.stuckS = 0;
  }
  return [(dx / away) * speed, (dy / away) * speed];
}

function neighbourPushes(walkers: readonly Walker[], nowS: number): Float64Array {
  const pushes = new Float64Array(2 * walkers.length);
  for (let i = 0; i < walkers.length; i += 1) {
    const a = walkers[i];
    if (a === undefined) continue;
    for (let j = i + 1; j < walkers.length; j += 1) {
      const b = walkers[j];
      if (b === undefined) continue;
      const dx = a.xM - b.xM;
      if (dx > interactM || dx < -interactM) continue;
      const dy = a.yM - b.yM;
      if (dy > interactM || dy < -interactM) continue;
      const away = Math.hypot(dx, dy) || 0.01;
      if (away > interactM) continue;
      const thin = nowS < a.thinUntilS || nowS < b.thinUntilS ? 0.25 : 1;
      const close = a.party === b.party ? 0.3 : 1;
      const push = thin * close * pushMps2 * Math.exp((a.radiusM + b.radiusM - away) / reachM);
      const nx = dx / away;
      const ny = dy / away;
      const onA = push * share(a, -nx, -ny);
      const onB = push * share(b, nx, ny);
      pushes[2 * i] = (pushes[2 * i] ?? 0) + onA * (nx - evadeShare * ny);
      pushes[2 * i + 1] = (pushes[2 * i + 1] ?? 0) + onA * (ny + evadeShare * nx);
      pushes[2 * j] = (pushes[2 * j] ?? 0) - onB * (nx - evadeShare * ny);
      pushes[2 * j + 1] = (pushes[2 * j + 1] ?? 0) - onB * (ny + evadeShare * nx);
    }
  }
  return pushes;
}

/** How much somebody minds another in the direction (nx, ny): less when behind, little while standing at a goal. */
function share(walker: Walker, nx: number, ny: number): number {
  const standing = Math.hypot(walker.goal[0] - walker.xM, walker.goal[1] - walker.yM) < 0.3;
  if (standing) return 0.12;
  const ahead = nx * Math.cos(walker.headingRad) + ny * Math.sin(walker.headingRad);
  return behindShare + ((1 - behindShare) * (1 + ahead)) / 2;
}

/** Undoes overlaps of bodies. Who stands gives way less than who walks. */
function separate(walkers: readonly Walker[], nowS: number): void {
  for (let i = 0; i < walkers.length; i += 1) {
    const a = walkers[i];
    if (a === undefined) continue;
    for (let j = i + 1; j < walkers.length; j += 1) {
      const b = walkers[j];
      if (b === undefined) continue;
      const dx = a.xM - b.xM;
      const dy = a.yM - b.yM;
      const thin = nowS < a.thinUntilS || nowS < b.thinUntilS ? 0.55 : 0.9;
      const needM = thin * (a.radiusM + b.radiusM);
      if (dx > needM || dx < -needM || dy > needM || dy < -needM) continue;
      const away = Math.hypot(dx, dy);
      if (away >= needM) continue;
      const nx = away > 1e-6 ? dx / away : 1;
      const ny = away > 1e-6 ? dy / away : 0;
      const speedA = Math.hypot(a.vxMps, a.vyMps) + 0.1;
      const speedB = Math.hypot(b.vxMps, b.vyMps) + 0.1;
      const shareA = speedA / (speedA + speedB);
      const overlap = (needM - away) * 0.5;
      a.xM += nx * overlap * shareA;
      a.yM += ny * overlap * shareA;
      b.xM -= nx * overlap * (1 - shareA);
      b.yM -= ny * overlap * (1 - shareA);
    }
  }
}

/** Closer than this nobody's middle comes to a fixture. */
export const bodyClearanceM = 0.15;

function keepOff(walker: Walker, floor: WalkableFloor): void {
  for (let round = 0; round < 4; round += 1) {
    const gap = floor.clearance(walker.xM, walker.yM);
    if (gap >= bodyClearanceM) return;
    const [slopeX, slopeY] = floor.slope(walker.xM, walker.yM);
    const steep = Math.hypot(slopeX, slopeY) || 1;
    const outM = bodyClearanceM - gap + 0.002;
    walker.xM += (slopeX / steep) * outM;
    walker.yM += (slopeY / steep) * outM;
    const into = (walker.vxMps * slopeX + walker.vyMps * slopeY) / steep;
    if (into < 0) {
      walker.vxMps -= (into * slopeX) / steep;
      walker.vyMps -= (into * slopeY) / steep;
    }
  }
}

/** Heading follows the feet, or what is looked at; posture and gait follow the speed. */
function turn(walker: Walker, nowS: number, dtS: number): void {
  const speed = Math.hypot(walker.vxMps, walker.vyMps);
  const walks = speed > 0.22;
  const aim = walks ? Math.atan2(walker.vyMps, walker.vxMps) : walker.faceRad;
  if (aim !== undefined) {
    const off = Math.atan2(Math.sin(aim - walker.headingRad), Math.cos(aim - walker.headingRad));
    const most = 3.5 * dtS;
    walker.headingRad += Math.max(-most, Math.min(most, off));
  }
  // A double step is about 0.85 of the height times the root of the speed over 1.3 m/s, at least half of that.
  const doubleStepM = 0.85 * walker.body.heightM * Math.max(0.5, Math.sqrt(speed / 1.3));
  walker.gait = (walker.gait + (speed * dtS) / doubleStepM) % 1;
  if (walks) walker.posture = walker.pushes === 'nothing' ? 'walk' : 'push';
  else if (walker.pushes !== 'nothing') walker.posture = 'push';
  else if (walker.rest === 'reach' || walker.rest === 'crouch') {
    // Nobody reaches all the time: a few seconds in the shelf, a few looking at it.
    const beat = (nowS + walker.id * 1.7) % 9;
    walker.posture = beat < 5 ? walker.rest : 'stand';
  } else walker.posture = walker.rest;
}
