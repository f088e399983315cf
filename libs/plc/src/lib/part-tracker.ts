import type { VerdictKind } from '@edge-blueprints/contracts';
import { encoderAdd, encoderDistance } from './word-order.js';

/** Distances in encoder counts along the belt. */
export interface PartTrackerGeometry {
  readonly cameraToGateCounts: number;
  /** Half width of the window around the gate in which a part's gate eye is its own. */
  readonly windowCounts: number;
  /** A backward movement beyond this is a reversed belt, not a trembling encoder. */
  readonly reverseCounts: number;
  /** Two eyes closer than this are two touching parts, or one part seen twice. */
  readonly minimumSpacingCounts: number;
  /** A rejected part must be seen in the bin within this travel after the gate. */
  readonly confirmCounts: number;
  /** Parts between camera and bin; one more is a fault and is not tracked, so it is rejected. */
  readonly capacity: number;
}

export type PartVerdictState = VerdictKind | 'none';

export interface TrackedPart {
  readonly n: number;
  readonly partSeq: number;
  readonly partId: string;
  readonly encoder: number;
  readonly recipeId: number;
}

/** What became of a part; told once, when it has left the tracked section. */
export interface PartOutcome extends TrackedPart {
  readonly verdict: PartVerdictState;
  /** When the valid verdict stood in the process image; null when none came in time. */
  readonly coilAtMs: number | null;
  readonly late: boolean;
  readonly gate: 'accepted' | 'rejected' | 'missing';
  readonly fault: string | null;
}

export type TrackerFault =
  | 'missing-part'
  | 'extra-part'
  | 'reverse'
  | 'encoder-jump'
  | 'touching-parts'
  | 'tracker-full'
  | 'escaped-part'
  | 'unconfirmed-reject'
  | 'pass-in-reject-bin';

export type VerdictReception = 'accepted' | 'late' | 'locked' | 'duplicate' | 'unknown';

interface Part extends TrackedPart {
  readonly gateEncoder: number;
  verdict: PartVerdictState;
  coilAtMs: number | null;
  late: boolean;
  /** The gate must not stay open for this part any longer. */
  shut: boolean;
  /** No verdict can turn this part into a pass any more. */
  locked: boolean;
  /** The gate is decided; from here on a verdict is late. */
  decided: boolean;
  answered: boolean;
  gateSeen: boolean;
  fault: string | null;
}

export interface PartTracker {
  enter(part: TrackedPart): void;
  /** A validated result. Only the first one before the part's deadline counts. */
  verdict(partSeq: number, encoder: number, verdict: VerdictKind, atMs: number): VerdictReception;
  /**
   * The belt moved. `leadCounts`: travel during the delay of the valve, the scan and the poll; verdicts that arrive closer
   * to the gate than this are late.
   */
  advance(encoder: number, leadCounts: number): void;
  gateEye(encoder: number): void;
  binEye(n: number, bin: 'accept' | 'reject'): void;
  /** Everything between camera and gate is rejected, whatever was or will be said about it. */
  purge(reason: string): void;
  /** Forgets everything, as a PLC does that loses its supply. */
  clear(reason: string): void;
  /**
   * Energise to accept, only while a passed part, and no other, is in the gate's window: counts of travel after which the
   * coil must be off again; 0 is off.
   */
  acceptTravel(): number;
  awaitingVerdict(): boolean;
  /** This part still has time for a verdict. */
  awaits(partSeq: number, encoder: number): boolean;
  size(): number;
  drainOutcomes(): readonly PartOutcome[];
  drainFaults(): readonly TrackerFault[];
  /** Parts in a row that came to the gate without any valid result. */
  unansweredInARow(): number;
  forgetUnanswered(): void;
}

/**
 * Parts by position, never by time: belts stop, speeds vary. Every part is REJECT until a valid PASS arrived before its
 * deadline. Without I/O and clock.
 */
export function createPartTracker(geometry: PartTrackerGeometry): PartTracker {
  let parts: readonly Part[] = [];
  let position: number | null = null;
  let furthest: number | null = null;
  let lead = 0;
  let unanswered = 0;
  let outcomes: PartOutcome[] = [];
  let faults: TrackerFault[] = [];

  const purge = (reason: string): void => {
    for (const part of parts) {
      part.shut = true;
      // What has passed the gate cannot be called back.
      if (part.gateSeen) continue;
      part.locked = true;
      part.fault ??= reason;
    }
  };
  const finish = (part: Part, gate: PartOutcome['gate']): void => {
    parts = parts.filter((other) => other !== part);
    const { n, partSeq, partId, encoder, recipeId, verdict, coilAtMs, late, fault } = part;
    outcomes.push({ n, partSeq, partId, encoder, recipeId, verdict, coilAtMs, late, gate, fault });
  };
  const decide = (part: Part): void => {
    part.decided = true;
    if (part.answered) unanswered = 0;
    else if (!beltFaults.has(part.fault ?? '')) unanswered += 1;
  };
  const pastGate = (part: Part): number =>
    position === null ? Number.NEGATIVE_INFINITY : encoderDistance(part.gateEncoder, position);
  const settle = (part: Part): void => {
    const past = pastGate(part);
    if (!part.decided && past >= -(lead + geometry.windowCounts)) decide(part);
    if (!part.gateSeen && past > geometry.windowCounts) {
      // Taken away, or late because belt and encoder no longer agree: the next part could arrive in this one's place.
      faults.push('missing-part');
      part.fault ??= 'missing-part';
      finish(part, 'missing');
      purge('part-out-of-window');
    } else if (part.gateSeen && past > geometry.confirmCounts) {
      const passes = isPassing(part);
      if (!passes) faults.push('unconfirmed-reject');
      part.fault ??= passes ? 'unconfirmed-accept' : 'unconfirmed-reject';
      finish(part, passes ? 'accepted' : 'rejected');
    }
  };

  return {
    enter: (tracked) => {
      if (parts.length >= geometry.capacity) {
        faults.push('tracker-full');
        outcomes.push({
          ...tracked,
          verdict: 'none',
          coilAtMs: null,
          late: false,
          gate: 'missing',
          fault: 'tracker-full',
        });
        return;
      }
      const touching = parts.filter(
        (part) => Math.abs(encoderDistance(part.encoder, tracked.encoder)) < geometry.minimumSpacingCounts,
      );
      const part = newPart(tracked, geometry.cameraToGateCounts);
      if (touching.length > 0) {
        faults.push('touching-parts');
        for (const near of [...touching, part]) {
          near.locked = true;
          near.fault ??= 'touching-parts';
        }
      }
      parts = [...parts, part];
    },
    verdict: (partSeq, encoder, verdict, atMs) => {
      const part = parts.find((candidate) => candidate.partSeq === partSeq && candidate.encoder === encoder);
      if (part === undefined) return 'unknown';
      if (part.answered) return 'duplicate';
      if (part.decided) {
        part.late = true;
        return 'late';
      }
      part.answered = true;
      part.verdict = verdict;
      part.coilAtMs = atMs;
      return part.locked ? 'locked' : 'accepted';
    },
    advance: (encoder, leadCounts) => {
      const moved = position === null ? 0 : encoderDistance(position, encoder);
      const advanced = furthest === null ? 0 : encoderDistance(furthest, encoder);
      if (furthest === null || advanced > 0) furthest = encoder;
      if (advanced < -geometry.reverseCounts) {
        faults.push('reverse');
        purge('reverse');
        furthest = encoder;
      } else if (moved > geometry.cameraToGateCounts / 2) {
        faults.push('encoder-jump');
        purge('encoder-jump');
      }
      position = encoder;
      lead = leadCounts;
      for (const part of parts) settle(part);
    },
    gateEye: (encoder) => {
      const part = parts.find(
        (candidate) =>
          !candidate.gateSeen && Math.abs(encoderDistance(candidate.gateEncoder, encoder)) <= geometry.windowCounts,
      );
      if (part === undefined) {
        faults.push('extra-part');
        purge('part-out-of-window');
        return;
      }
      if (!part.decided) decide(part);
      part.gateSeen = true;
    },
    binEye: (n, bin) => {
      const part = parts.find((candidate) => candidate.n === n);
      if (part === undefined) {
        if (bin === 'accept') faults.push('escaped-part');
        return;
      }
      if (!part.decided) decide(part);
      if (bin === 'accept' && !isPassing(part)) {
        faults.push('escaped-part');
        part.fault = 'escaped-part';
      }
      if (bin === 'reject' && isPassing(part)) {
        faults.push('pass-in-reject-bin');
        part.fault ??= 'pass-in-reject-bin';
      }
      finish(part, bin === 'accept' ? 'accepted' : 'rejected');
    },
    purge,
    clear: (reason) => {
      for (const part of parts) {
        part.fault ??= reason;
        finish(part, 'missing');
      }
      position = null;
      furthest = null;
      unanswered = 0;
    },
    acceptTravel: () => {
      const inWindow = parts.filter((part) => {
        const past = pastGate(part);
        return past >= -(lead + geometry.windowCounts) && past <= geometry.windowCounts;
      });
      if (!inWindow.every((part) => isPassing(part) && !part.shut)) return 0;
      return inWindow.reduce((travel, part) => Math.max(travel, geometry.windowCounts - pastGate(part) + 1), 0);
    },
    awaitingVerdict: () => parts.some(isAwaiting),
    awaits: (partSeq, encoder) =>
      parts.some((part) => part.partSeq === partSeq && part.encoder === encoder && isAwaiting(part)),
    size: () => parts.length,
    drainOutcomes: () => {
      const drained = outcomes;
      outcomes = [];
      return drained;
    },
    drainFaults: () => {
      const drained = faults;
      faults = [];
      return drained;
    },
    unansweredInARow: () => unanswered,
    forgetUnanswered: () => {
      unanswered = 0;
    },
  };
}

/** Faults of the belt, for which the station cannot be blamed when no answer came. */
const beltFaults: ReadonlySet<string> = new Set(['reverse', 'encoder-jump', 'part-out-of-window', 'touching-parts']);

function isAwaiting(part: Part): boolean {
  return !part.answered && !part.decided && !part.locked;
}

function isPassing(part: Part): boolean {
  return part.verdict === 'pass' && !part.locked && !part.late;
}

function newPart(tracked: TrackedPart, cameraToGateCounts: number): Part {
  return {
    ...tracked,
    gateEncoder: encoderAdd(tracked.encoder, cameraToGateCounts),
    verdict: 'none',
    coilAtMs: null,
    late: false,
    shut: false,
    locked: false,
    decided: false,
    answered: false,
    gateSeen: false,
    fault: null,
  };
}
