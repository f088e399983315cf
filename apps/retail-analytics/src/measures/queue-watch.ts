import type { FloorPoint, StoreQueue } from '@edge-blueprints/contracts';
import { isInPolygon } from '@edge-blueprints/vision';
import type { QueueVisit } from './contribution.js';
import { queueRules } from './measure-rules.js';
import { chainOf, type Stander } from './queue-chain.js';

/** One person near a queue at one moment. */
export interface QueuePerson {
  readonly track: number;
  readonly floor: FloorPoint;
  readonly party: number;
  /** Since when it has been standing; undefined while it walks. */
  readonly standingSinceMs: number | undefined;
  readonly seenMs: number;
}

export interface QueueLeave {
  readonly track: number;
  readonly visit: QueueVisit;
  readonly leftAtMs: number;
  /** Time at the service point; null for who was not served, and for all but one of a party. */
  readonly serviceS: number | null;
}

interface Member {
  readonly track: number;
  chainedSinceMs: number;
  joinedAtMs: number | undefined;
  reachedAtMs: number | undefined;
  floor: FloorPoint;
  seenMs: number;
  chainedAtMs: number;
  /** Where it stood when it was last in the chain, and whether as the first. */
  chainedFloor: FloorPoint;
  wasFirst: boolean;
  /** Since when it has been the first, near the service point though perhaps not at it. */
  firstSinceMs: number | undefined;
  leads: boolean;
}

interface Ghost {
  readonly member: Member;
  readonly lostMs: number;
}

const mostMembers = 64;
/** A stander's start is known to about this, ms: the speed is taken over a second. */
const standingSlackMs = 1_500;
/** Who is so near to where it stood has not walked away, metres. */
const stayedM = 0.8;

/** One queue: who is in the chain, since when, and how each leaves it. */
export class QueueWatch {
  readonly queue: StoreQueue;
  readonly #known = new Map<number, Member>();
  #ghosts: Ghost[] = [];
  #length = 0;
  #parties = 0;

  constructor(queue: StoreQueue) {
    this.queue = queue;
  }

  get length(): number {
    return this.#length;
  }

  get parties(): number {
    return this.#parties;
  }

  /** Longest wait of those that are not served yet, ms. */
  longestWaitMs(nowMs: number): number | null {
    const waits = [...this.#known.values()]
      .filter((m) => m.joinedAtMs !== undefined && m.reachedAtMs === undefined)
      .map((m) => nowMs - (m.joinedAtMs ?? nowMs));
    return waits.length === 0 ? null : Math.max(...waits);
  }

  /** @param people those of the store that are no staff and no things */
  update(people: readonly QueuePerson[], nowMs: number): readonly QueueLeave[] {
    const here = new Map(people.filter((p) => isInPolygon(this.queue.area, p.floor)).map((p) => [p.track, p]));
    const chain = chainOf(this.queue, this.#standers(here, people, nowMs));
    chain.forEach((link, place) => {
      link.tracks.forEach((track, i) => this.#chained(track, here.get(track), place, link.serviceM, i === 0, nowMs));
    });
    const left = this.#leaves(here, new Map(people.map((p) => [p.track, p])), nowMs);
    const members = new Set([...this.#known.values()].filter((m) => m.joinedAtMs !== undefined).map((m) => m.track));
    this.#length = chain.reduce((sum, link) => sum + link.tracks.filter((track) => members.has(track)).length, 0);
    this.#parties = chain.filter((link) => link.tracks.some((track) => members.has(track))).length;
    return left;
  }

  /** All members leave now: the plan was edited, or nobody can see the queue any more. */
  close(nowMs: number): readonly QueueLeave[] {
    const members = [...this.#known.values(), ...this.#ghosts.map((ghost) => ghost.member)];
    const left = members.flatMap((m) => this.#left(m, 'lost', nowMs));
    this.#known.clear();
    this.#ghosts = [];
    this.#length = 0;
    this.#parties = 0;
    return left;
  }

  #standers(here: ReadonlyMap<number, QueuePerson>, people: readonly QueuePerson[], nowMs: number): readonly Stander[] {
    const standers: Stander[] = [];
    for (const person of here.values()) {
      const isMember = this.#known.get(person.track)?.joinedAtMs !== undefined;
      if (isMember || person.standingSinceMs !== undefined) standers.push(person);
    }
    const walked = new Set(people.map((person) => person.track));
    for (const member of this.#known.values()) {
      const isHidden = !walked.has(member.track) && nowMs - member.seenMs <= queueRules.hiddenMs;
      if (isHidden && member.joinedAtMs !== undefined) {
        standers.push({ track: member.track, floor: member.floor, party: member.track });
      }
    }
    return standers;
  }

  #chained(
    track: number,
    person: QueuePerson | undefined,
    place: number,
    serviceM: number,
    leads: boolean,
    nowMs: number,
  ): void {
    const member = this.#known.get(track) ?? (person && this.#appears(person, nowMs));
    if (!member) return;
    if (person) {
      member.floor = person.floor;
      member.seenMs = person.seenMs;
    }
    const isStanding = person?.standingSinceMs !== undefined;
    if (member.joinedAtMs === undefined && isStanding && nowMs - member.chainedSinceMs >= queueRules.joinMs) {
      member.joinedAtMs = member.chainedSinceMs;
    }
    member.chainedAtMs = nowMs;
    member.chainedFloor = member.floor;
    member.wasFirst = place === 0;
    member.leads = leads;
    if (place > 0) member.firstSinceMs = undefined;
    else member.firstSinceMs ??= nowMs;
    if (place === 0 && serviceM <= queueRules.serviceM) member.reachedAtMs ??= nowMs;
  }

  #appears(person: QueuePerson, nowMs: number): Member | undefined {
    if (this.#known.size >= mostMembers) return undefined;
    const since = person.standingSinceMs ?? nowMs;
    const member: Member = this.#inherited(person) ?? {
      track: person.track,
      // Who has been standing for longer was not in line before.
      chainedSinceMs: nowMs - since <= standingSlackMs ? since : nowMs,
      joinedAtMs: undefined,
      reachedAtMs: undefined,
      floor: person.floor,
      seenMs: person.seenMs,
      chainedAtMs: nowMs,
      chainedFloor: person.floor,
      wasFirst: false,
      firstSinceMs: undefined,
      leads: true,
    };
    this.#known.set(person.track, member);
    return member;
  }

  /** The wait of a member that was lost from sight at this place. */
  #inherited(person: QueuePerson): Member | undefined {
    const ghost = this.#ghosts.find(({ member }) => apart(member.floor, person.floor) <= queueRules.inheritM);
    if (!ghost) return undefined;
    this.#ghosts = this.#ghosts.filter((other) => other !== ghost);
    return { ...ghost.member, track: person.track };
  }

  #leaves(
    here: ReadonlyMap<number, QueuePerson>,
    everybody: ReadonlyMap<number, QueuePerson>,
    nowMs: number,
  ): readonly QueueLeave[] {
    const gone = this.#ghosts.filter((ghost) => nowMs - ghost.lostMs > queueRules.inheritMs);
    this.#ghosts = this.#ghosts.filter((ghost) => !gone.includes(ghost));
    const leaves = gone.flatMap(({ member }) => this.#left(member, 'lost', nowMs));
    for (const member of this.#known.values()) {
      const outMs = nowMs - member.chainedAtMs;
      if (outMs === 0) continue;
      const person = everybody.get(member.track);
      const isNear = person !== undefined && apart(person.floor, member.chainedFloor) <= stayedM;
      // Who moves up while the chain is torn for a moment is still in line.
      const stays = here.has(member.track) && (isNear || this.#forwardM(member, person?.floor) > -stayedM / 2);
      const patienceMs = member.joinedAtMs === undefined ? 500 : stays ? queueRules.breakMs : queueRules.leaveMs;
      if (person ? outMs < patienceMs : nowMs - member.seenMs < queueRules.hiddenMs) continue;
      this.#known.delete(member.track);
      if (!person && member.joinedAtMs !== undefined && member.reachedAtMs === undefined) {
        this.#ghosts = [...this.#ghosts.slice(1 - mostMembers), { member, lostMs: nowMs }];
        continue;
      }
      leaves.push(...this.#left(member, person ? this.#outcome(member, person.floor) : 'lost', nowMs));
    }
    return leaves;
  }

  /** So much nearer to the service point than when it was last in the chain. */
  #forwardM(member: Member, floor: FloorPoint | undefined): number {
    if (!floor) return Number.NEGATIVE_INFINITY;
    return apart(member.chainedFloor, this.queue.servicePoint) - apart(floor, this.queue.servicePoint);
  }

  /** Who was the first and goes on, not back along the line, was served though nobody saw it reach the very point. */
  #outcome(member: Member, floor: FloorPoint): 'served' | 'abandoned' {
    const angle = (this.queue.directionDeg * Math.PI) / 180;
    const back =
      (floor[0] - member.chainedFloor[0]) * Math.cos(angle) + (floor[1] - member.chainedFloor[1]) * Math.sin(angle);
    return back < (member.wasFirst ? stayedM : -stayedM) ? 'served' : 'abandoned';
  }

  #left(member: Member, how: 'served' | 'abandoned' | 'lost', nowMs: number): readonly QueueLeave[] {
    const { joinedAtMs, reachedAtMs, chainedAtMs, track } = member;
    if (joinedAtMs === undefined) return [];
    const outcome = reachedAtMs === undefined ? how : 'served';
    const untilMs = reachedAtMs ?? (outcome === 'served' ? member.firstSinceMs : undefined) ?? chainedAtMs;
    if (outcome === 'abandoned' && untilMs - joinedAtMs < queueRules.abandonMs) return [];
    const waitS = Math.max(0, untilMs - joinedAtMs) / 1000;
    const isTimed = reachedAtMs !== undefined && member.leads && nowMs > reachedAtMs;
    return [
      {
        track,
        visit: { queue: this.queue.id, joinedAtMs, waitS, outcome },
        leftAtMs: chainedAtMs,
        serviceS: isTimed ? Math.max(0, chainedAtMs - reachedAtMs) / 1000 : null,
      },
    ];
  }
}

function apart(a: FloorPoint, b: FloorPoint): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
