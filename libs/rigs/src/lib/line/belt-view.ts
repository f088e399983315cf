/** What a camera that runs freely sees: a part for as long as it lies in its view, else the empty belt. */
export interface BeltView {
  partArrives(pixels: Uint8Array, nowMs: number): void;
  at(nowMs: number): Uint8Array;
}

const beltLevel = 70;

/** @param dwellMs how long a part stays in the view */
export function createBeltView(pixelCount: number, dwellMs: number): BeltView {
  const empty = new Uint8Array(pixelCount).fill(beltLevel);
  let part: Uint8Array = empty;
  let untilMs = -Infinity;
  return {
    partArrives: (pixels, nowMs) => {
      part = pixels;
      untilMs = nowMs + dwellMs;
    },
    at: (nowMs) => (nowMs < untilMs ? part : empty),
  };
}
