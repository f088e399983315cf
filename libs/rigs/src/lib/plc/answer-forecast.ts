/** When the station's answers usually come, from the last ones. */
export interface AnswerForecast {
  asked(encoder: number, atMs: number): void;
  answered(encoder: number, atMs: number): void;
  /** Time until an answer is expected; 0 about now; null when none is, or when there is no experience. */
  untilDueMs(atMs: number): number | null;
}

const remembered = 16;
/** Looks out from this long before the fastest of the last answers to this long after the slowest. */
const beforeMs = 1;
const afterMs = 2;
/** A station that answers within a very wide span is not worth the scans. */
const widestSpanMs = 15;

export function createAnswerForecast(): AnswerForecast {
  const open = new Map<number, number>();
  const delays: number[] = [];
  return {
    asked: (encoder, atMs) => {
      open.set(encoder, atMs);
      const oldest = open.size > remembered ? open.keys().next() : undefined;
      if (oldest !== undefined && oldest.done !== true) open.delete(oldest.value);
    },
    answered: (encoder, atMs) => {
      const askedAtMs = open.get(encoder);
      if (askedAtMs === undefined) return;
      open.delete(encoder);
      delays.push(atMs - askedAtMs);
      if (delays.length > remembered) delays.shift();
    },
    untilDueMs: (atMs) => {
      if (delays.length === 0) return null;
      const fromMs = Math.min(...delays) - beforeMs;
      const untilMs = Math.min(Math.max(...delays) + afterMs, fromMs + widestSpanMs);
      const waits = [...open.values()]
        .map((askedAtMs) => atMs - askedAtMs)
        .filter((waited) => waited <= untilMs)
        .map((waited) => Math.max(0, fromMs - waited));
      return waits.length === 0 ? null : Math.min(...waits);
    },
  };
}
