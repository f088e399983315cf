import type { FloorPolygon, StoreCameraView } from '@edge-blueprints/contracts';
import { isInPolygon, polygonAreaM2, sharedAreaM2, type Corners } from '@edge-blueprints/vision';
import { cameraSilentMs } from './measure-rules.js';

/** A rate is taken over this time, ms. */
const rateMs = 10_000;
/** Of frames that come a little late the rate is not below the floor. */
const rateSlack = 0.95;
/** A camera must have been slow for this share of a window, or this long, to be a reason for doubt. */
const slowShare = 0.05;
/** A camera that sees less of an area than this does not answer for it. */
const leastShare = 0.1;

interface Watched {
  readonly id: string;
  readonly floorFramesPerS: number;
  authority: FloorPolygon | undefined;
  state: StoreCameraView['state'];
  lastMs: number | undefined;
  firstMs: number | undefined;
  frames: number[];
}

export interface CoverSpan {
  totalMs: number;
  coveredMs: number;
  readonly unseenMs: Map<string, number>;
  readonly slowMs: Map<string, number>;
  readonly moved: Set<string>;
}

/** Which cameras were seeing, and how often: what a figure of nothing means. */
export class CameraCover {
  readonly #cameras: readonly Watched[];

  constructor(cameras: readonly { readonly id: string; readonly floorFramesPerS: number }[]) {
    this.#cameras = cameras.map((camera) => ({
      ...camera,
      authority: undefined,
      state: 'seeing',
      lastMs: undefined,
      firstMs: undefined,
      frames: [],
    }));
  }

  setAuthority(camera: string, authority: FloorPolygon): void {
    const known = this.#of(camera);
    if (known) known.authority = authority;
  }

  setState(camera: string, state: StoreCameraView['state']): void {
    const known = this.#of(camera);
    if (known) known.state = state;
  }

  /** @returns false for a sight that is older than the one before */
  note(camera: string, atMs: number): boolean {
    const known = this.#of(camera);
    if (!known) return true;
    if (known.lastMs !== undefined && atMs <= known.lastMs) return false;
    known.lastMs = atMs;
    known.firstMs ??= atMs;
    known.frames.push(atMs);
    if (known.frames.length > 1_024) known.frames = known.frames.slice(-512);
    return true;
  }

  /** Whether what this camera says about the floor can be believed. */
  isUsable(camera: string): boolean {
    const state = this.#of(camera)?.state;
    return state !== 'moved' && state !== 'uncalibrated';
  }

  integrate(span: CoverSpan, dtMs: number, nowMs: number): void {
    span.totalMs += dtMs;
    let all = true;
    for (const camera of this.#cameras) {
      if (camera.state === 'moved') span.moved.add(camera.id);
      if (!this.#isSeeing(camera, nowMs)) {
        all = false;
        span.unseenMs.set(camera.id, (span.unseenMs.get(camera.id) ?? 0) + dtMs);
      } else if (this.#isSlow(camera, nowMs)) {
        span.slowMs.set(camera.id, (span.slowMs.get(camera.id) ?? 0) + dtMs);
      }
    }
    if (all) span.coveredMs += dtMs;
  }

  /** Why the figures of this span are not to be trusted, in terms of equipment. */
  reasons(span: CoverSpan): readonly string[] {
    return this.#cameras.flatMap(({ id, floorFramesPerS }) => [
      ...(span.moved.has(id) ? [`camera ${id} moved, its zones were suspended`] : []),
      ...((span.unseenMs.get(id) ?? 0) >= cameraSilentMs
        ? [`camera ${id} not seeing for ${Math.round((span.unseenMs.get(id) ?? 0) / 1000)} s`]
        : []),
      ...((span.slowMs.get(id) ?? 0) > Math.min(60_000, slowShare * span.totalMs)
        ? [`camera ${id} below ${floorFramesPerS} frames per second`]
        : []),
    ]);
  }

  /** What the cameras that answer for an area, or for a line's middle, allow to say about it. */
  stateOf(area: Corners, nowMs: number): 'good' | 'suspended' | 'unknown' {
    const own = this.#cameras.filter(({ authority }) => authority !== undefined && answersFor(authority, area));
    if (own.length === 0) return 'unknown';
    if (own.some(({ state }) => state === 'moved' || state === 'uncalibrated')) return 'suspended';
    return own.every((camera) => this.#isSeeing(camera, nowMs)) ? 'good' : 'unknown';
  }

  #isSeeing(camera: Watched, nowMs: number): boolean {
    return (
      camera.lastMs !== undefined &&
      nowMs - camera.lastMs <= cameraSilentMs &&
      camera.state !== 'moved' &&
      camera.state !== 'uncalibrated' &&
      camera.state !== 'lost'
    );
  }

  #isSlow(camera: Watched, nowMs: number): boolean {
    if (camera.state === 'slow') return true;
    if (camera.firstMs === undefined || nowMs - camera.firstMs < rateMs) return false;
    while ((camera.frames[0] ?? nowMs) <= nowMs - rateMs) camera.frames.shift();
    return (camera.frames.length * 1000) / rateMs < rateSlack * camera.floorFramesPerS;
  }

  #of(camera: string): Watched | undefined {
    return this.#cameras.find(({ id }) => id === camera);
  }
}

export function emptySpan(): CoverSpan {
  return { totalMs: 0, coveredMs: 0, unseenMs: new Map(), slowMs: new Map(), moved: new Set() };
}

function answersFor(authority: Corners, area: Corners): boolean {
  const size = polygonAreaM2(area);
  if (size === 0) return area.some((point) => isInPolygon(authority, point));
  return sharedAreaM2(authority, area) >= leastShare * size;
}
