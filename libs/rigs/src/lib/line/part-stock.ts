import type { PartSource, PreparedPart } from './prepared-part.js';

/** Pictures kept ready; 12 boards are 5 MB and six seconds of a usual line. */
const capacity = 12;

/** Parts waiting upstream of the camera, made ready ahead. */
export interface PartStock {
  /** Settles when the stock is full or the source has ended. */
  fill(): Promise<void>;
  /** The next part, if one is ready. */
  take(): PreparedPart | undefined;
  putInFront(parts: readonly PreparedPart[]): void;
  /** The source has ended and nothing is left. */
  readonly exhausted: boolean;
}

export function createPartStock(source: PartSource, onError: (error: unknown) => void): PartStock {
  const ready: PreparedPart[] = [];
  let ended = false;
  let filling: Promise<void> | undefined;
  const refill = async (): Promise<void> => {
    while (!ended && ready.length < capacity) {
      const part = await source.next();
      if (part) ready.push(part);
      else ended = true;
    }
  };
  const fill = (): Promise<void> =>
    (filling ??= refill().finally(() => {
      filling = undefined;
    }));
  return {
    fill,
    take() {
      const part = ready.shift();
      fill().catch((error: unknown) => {
        ended = true;
        onError(error);
      });
      return part;
    },
    putInFront(parts) {
      ready.unshift(...parts);
    },
    get exhausted() {
      return ended && ready.length === 0;
    },
  };
}
