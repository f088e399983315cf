import type { FloorPoint, StoreLine } from '@edge-blueprints/contracts';
import { insideOfLineM, passesLineAt } from '@edge-blueprints/vision';
import { lineRules } from './measure-rules.js';

type Side = 1 | -1;

export interface Crossing {
  readonly direction: 'in' | 'out';
  /** When the line itself was passed, between two sights. */
  readonly atMs: number;
}

/**
 * One track at one line. It crosses when it was settled on one side, passes the line between its ends and settles on the
 * other. Who flickers over it, stands on it or turns back has not crossed.
 */
export class LineWatch {
  readonly #line: StoreLine;
  readonly #endSlack: number;
  #last: { readonly floor: FloorPoint; readonly depthM: number; readonly atMs: number } | undefined;
  #settled: Side | undefined;
  #side: Side | undefined;
  #sideSinceMs = 0;
  #sightsOnSide = 0;
  #pass: { readonly between: boolean; readonly atMs: number } | undefined;
  readonly #countedMs = { in: Number.NEGATIVE_INFINITY, out: Number.NEGATIVE_INFINITY };

  constructor(line: StoreLine) {
    this.#line = line;
    this.#endSlack = lineRules.endSlackM / Math.hypot(line.to[0] - line.from[0], line.to[1] - line.from[1]);
  }

  observe(floor: FloorPoint, atMs: number): Crossing | undefined {
    const depthM = insideOfLineM(this.#line, floor);
    const before = this.#last;
    this.#last = { floor, depthM, atMs };
    if (before) this.#notePass(before, floor, depthM, atMs);
    if (Math.abs(depthM) < lineRules.hysteresisM) {
      this.#side = undefined;
      return undefined;
    }
    const side: Side = depthM > 0 ? 1 : -1;
    if (side !== this.#side) {
      this.#side = side;
      this.#sideSinceMs = before ? reachedMs(before, depthM, atMs, side * lineRules.hysteresisM) : atMs;
      this.#sightsOnSide = 0;
    }
    this.#sightsOnSide += 1;
    // One sight after a long gap proves nothing: it may be another person's.
    if (atMs - this.#sideSinceMs < lineRules.settleMs || this.#sightsOnSide < 2) return undefined;
    const from = this.#settled;
    this.#settled = side;
    if (from === undefined || from === side) {
      this.#pass = undefined;
      return undefined;
    }
    return this.#cross(side);
  }

  /** The track ended; true where it had passed the line and was lost before it settled. */
  isLoss(): boolean {
    return this.#pass?.between === true && this.#side !== undefined && this.#side !== this.#settled;
  }

  #notePass(
    before: { floor: FloorPoint; depthM: number; atMs: number },
    floor: FloorPoint,
    depthM: number,
    atMs: number,
  ) {
    const along = passesLineAt(this.#line, before.floor, floor);
    if (along === undefined) return;
    this.#pass = {
      between: along >= -this.#endSlack && along <= 1 + this.#endSlack,
      atMs: reachedMs(before, depthM, atMs, 0),
    };
  }

  #cross(side: Side): Crossing | undefined {
    const pass = this.#pass;
    this.#pass = undefined;
    if (!pass?.between) return undefined;
    const direction = side > 0 ? 'in' : 'out';
    if (pass.atMs - this.#countedMs[direction] < lineRules.repeatMs) return undefined;
    this.#countedMs[direction] = pass.atMs;
    return { direction, atMs: pass.atMs };
  }
}

/** When a value that goes straight from one sight to the next reaches a limit. */
export function reachedMs(
  before: { readonly depthM: number; readonly atMs: number },
  depthM: number,
  atMs: number,
  limitM: number,
): number {
  const share = (limitM - before.depthM) / (depthM - before.depthM);
  return share > 0 && share < 1 ? before.atMs + share * (atMs - before.atMs) : share >= 1 ? atMs : before.atMs;
}
