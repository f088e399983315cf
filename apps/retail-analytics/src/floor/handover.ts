import type { FloorPoint } from '@edge-blueprints/contracts';
import { createAssigner } from '@edge-blueprints/vision';
import type { LocalPerson } from './camera-floor.js';

/** Who was not seen for longer than this is not the one who appears now, ms. */
const windowMs = 2_000;
/** People found again are this near to where they would be by now, plus what they may have turned, metres. */
const nearM = 0.75;
/** Who stood still and was lost, behind a shelf or a trolley, is looked for at that very place for longer. */
const standingMs = 10_000;
const standingMps = 0.4;
const standingM = 0.6;
/** Two cameras that see one person at the same time put it no farther apart. */
const agreeM = 0.6;
/** Walkers turn and stop: so much of their way may lead elsewhere than straight on. */
const turnShare = 0.5;
/** Nobody in a shop goes faster, m/s. */
const topSpeedMps = 2.5;
/** Two cameras that put one person farther apart than this for `patienceMs` see two people. */
const apartM = 0.9;
const patienceMs = 500;
/** Both cameras see somebody at the same time when their pictures are nearer than this, ms. */
const togetherMs = 300;
/** An owner that has not seen its person for so long gives it away, ms. */
const ownerPatienceMs = 500;
/** This deep inside of its own part a camera takes over at once, metres. */
const deepM = 0.3;
/** No change of owner sooner after the last, ms: two cameras that disagree must not play ping-pong. */
const settleMs = 1_000;
/** A track missed for so long may have been somebody else all along, ms. */
const blinkMs = 400;
/** Whether two cameras agree matters where one hands over to the other: so near to the parts of both, metres. */
const borderM = 1.5;
/** A camera that sends nothing any more forgets its people after so long, ms. */
const forgetMs = 30_000;

interface Identity {
  readonly track: number;
  owner: string;
  ownedMs: number;
  floor: FloorPoint;
  velocity: FloorPoint;
  /** Last seen by any camera. */
  seenMs: number;
  /** Last seen by its owner, and where. */
  ownerSeenMs: number;
}

interface Binding {
  readonly identity: Identity;
  /** Last really seen, not predicted. */
  seenMs: number;
  atMs: number;
  apartSinceMs: number | undefined;
}

export interface Handover {
  /** The numbers of one camera's people; who has none yet is missing. */
  update(
    camera: string,
    atMs: number,
    people: readonly LocalPerson[],
  ): ReadonlyMap<number, { readonly track: number; readonly isOwner: boolean }>;
  /** This camera's tracks mean nothing any more. */
  forget(camera: string): void;
  counters(): { readonly handovers: number; readonly reconnected: number; readonly refused: number };
}

/**
 * One number for one person across cameras. A person whom several cameras see is bound in each of them and owned by one:
 * the camera in whose part of the floor it stands. Who appears is matched one to one with who was near there within the
 * last two seconds; who matches nobody is new. Numbers are counted up and never used again.
 */
export function createHandover(options: {
  /** Depth of a place in the camera's own part of the floor. */
  readonly depthM: (camera: string, floor: FloorPoint) => number;
  readonly onBothSee: (one: string, other: string, distanceM: number) => void;
  readonly maxPeople: number;
}): Handover {
  const assign = createAssigner();
  const bound = new Map<string, Map<number, Binding>>();
  const identities = new Set<Identity>();
  const counts = { handovers: 0, reconnected: 0, refused: 0 };
  let nextTrack = 1;

  const bindingsOf = (camera: string): Map<number, Binding> => {
    const known = bound.get(camera) ?? new Map<number, Binding>();
    bound.set(camera, known);
    return known;
  };

  const prune = (camera: string, atMs: number, people: readonly LocalPerson[]): void => {
    const present = new Set(people.map((person) => person.local));
    for (const [name, bindings] of bound) {
      for (const [local, binding] of bindings) {
        const isGone = name === camera ? !present.has(local) && atMs - binding.atMs > windowMs : false;
        if (isGone || atMs - binding.atMs > forgetMs) bindings.delete(local);
      }
    }
    const held = new Set([...bound.values()].flatMap((bindings) => [...bindings.values()].map((b) => b.identity)));
    for (const identity of identities) {
      if (!held.has(identity) && atMs - identity.seenMs > standingMs) identities.delete(identity);
    }
  };

  /** Whether a bound track still is that person; measures how far the cameras disagree. */
  const holds = (camera: string, atMs: number, person: LocalPerson, binding: Binding): boolean => {
    const { identity } = binding;
    if (identity.owner === camera || person.predicted) return true;
    const sinceMs = atMs - identity.ownerSeenMs;
    // What only this camera sees now is still whom both saw at one place before.
    if (sinceMs > windowMs) return binding.apartSinceMs === undefined;
    const apart = distance(person.floor, ahead(identity, atMs));
    const isAtBorder = [camera, identity.owner].every((each) => options.depthM(each, identity.floor) >= -borderM);
    if (isAtBorder && Math.abs(sinceMs) <= togetherMs) options.onBothSee(camera, identity.owner, apart);
    if (apart <= Math.max(apartM, reachM(identity, atMs))) {
      binding.apartSinceMs = undefined;
      return true;
    }
    binding.apartSinceMs ??= atMs;
    return atMs - binding.apartSinceMs < patienceMs;
  };

  const match = (camera: string, atMs: number, loose: readonly LocalPerson[], bindings: Map<number, Binding>): void => {
    const taken = new Set<Identity>();
    for (const binding of bindings.values()) {
      // A track that this camera has lost from sight does not keep its person from being found again.
      if (atMs - binding.seenMs <= blinkMs) taken.add(binding.identity);
    }
    const lost = [...identities].filter((identity) => !taken.has(identity) && atMs - identity.seenMs <= standingMs);
    const costs = new Float64Array(loose.length * lost.length);
    loose.forEach((person, row) => {
      lost.forEach((identity, column) => {
        const apart = distance(person.floor, ahead(identity, atMs));
        costs[row * lost.length + column] = isNear(camera, atMs, person, identity, apart) ? apart : Number.NaN;
      });
    });
    const columns = [...assign(costs, loose.length, lost.length, 20)];
    loose.forEach((person, row) => {
      const identity = lost[columns[row] ?? -1];
      if (!identity) return;
      for (const [local, binding] of bindings) if (binding.identity === identity) bindings.delete(local);
      if (identity.owner === camera) counts.reconnected += 1;
      bindings.set(person.local, { identity, seenMs: atMs, atMs, apartSinceMs: undefined });
    });
  };

  const create = (camera: string, atMs: number, person: LocalPerson, bindings: Map<number, Binding>): void => {
    if (identities.size >= options.maxPeople) {
      counts.refused += 1;
      return;
    }
    const identity: Identity = {
      track: nextTrack,
      owner: camera,
      ownedMs: atMs,
      floor: person.floor,
      velocity: person.velocity,
      seenMs: atMs,
      ownerSeenMs: atMs,
    };
    nextTrack += 1;
    identities.add(identity);
    bindings.set(person.local, { identity, seenMs: atMs, atMs, apartSinceMs: undefined });
  };

  const takeOver = (camera: string, atMs: number, person: LocalPerson, identity: Identity): void => {
    if (identity.owner === camera || person.predicted) return;
    const depth = options.depthM(camera, person.floor);
    if (depth < 0) return;
    // While its owner sees somebody elsewhere, this is somebody else.
    const apart = distance(person.floor, ahead(identity, atMs));
    if (Math.abs(atMs - identity.ownerSeenMs) <= togetherMs && apart > apartM) return;
    const isOrphan = atMs - identity.ownerSeenMs > ownerPatienceMs;
    const hasLeft = options.depthM(identity.owner, identity.floor) < 0;
    if (!isOrphan && (atMs - identity.ownedMs < settleMs || !(hasLeft || depth >= deepM))) return;
    identity.owner = camera;
    identity.ownedMs = atMs;
    counts.handovers += 1;
  };

  return {
    update(camera, atMs, people) {
      const bindings = bindingsOf(camera);
      prune(camera, atMs, people);
      for (const person of people) {
        const binding = bindings.get(person.local);
        if (binding && !holds(camera, atMs, person, binding)) bindings.delete(person.local);
        else if (binding) {
          binding.atMs = atMs;
          if (!person.predicted) binding.seenMs = atMs;
        }
      }
      const isLoose = (p: LocalPerson): boolean => p.confirmed && !p.predicted && !bindings.has(p.local);
      match(camera, atMs, people.filter(isLoose), bindings);
      for (const person of people.filter(isLoose)) {
        if (options.depthM(camera, person.floor) >= 0) create(camera, atMs, person, bindings);
      }
      const numbers = new Map<number, { readonly track: number; readonly isOwner: boolean }>();
      for (const person of people) {
        const identity = bindings.get(person.local)?.identity;
        if (!identity) continue;
        takeOver(camera, atMs, person, identity);
        const isOwner = identity.owner === camera;
        if (isOwner && !person.predicted) {
          identity.floor = person.floor;
          identity.velocity = person.velocity;
          identity.ownerSeenMs = Math.max(identity.ownerSeenMs, atMs);
        }
        if (!person.predicted) identity.seenMs = Math.max(identity.seenMs, atMs);
        numbers.set(person.local, { track: identity.track, isOwner });
      }
      return numbers;
    },
    forget(camera) {
      bound.delete(camera);
    },
    counters: () => ({ ...counts }),
  };
}

/** Whether this person can be that one, who is not seen by this camera now. */
function isNear(camera: string, atMs: number, person: LocalPerson, identity: Identity, apart: number): boolean {
  const sinceMs = atMs - identity.seenMs;
  const fromLast = distance(person.floor, identity.floor);
  if (sinceMs > windowMs) return Math.hypot(...identity.velocity) < standingMps && fromLast <= standingM;
  if (identity.owner === camera) return apart <= nearM;
  if (atMs - identity.ownerSeenMs <= togetherMs) return apart <= agreeM;
  return apart <= reachM(identity, atMs);
}

function ahead({ floor, velocity, ownerSeenMs }: Identity, atMs: number): FloorPoint {
  const s = Math.max(-1, Math.min(1, (atMs - ownerSeenMs) / 1000));
  return [floor[0] + velocity[0] * s, floor[1] + velocity[1] * s];
}

function reachM({ velocity, ownerSeenMs }: Identity, atMs: number): number {
  const speed = Math.min(topSpeedMps, Math.hypot(velocity[0], velocity[1]));
  return nearM + (turnShare * speed * Math.max(0, atMs - ownerSeenMs)) / 1000;
}

function distance(a: FloorPoint, b: FloorPoint): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
