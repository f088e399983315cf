export interface SequenceOptions {
  /** A number that is missing for longer is lost; one that comes within it was only overtaken. */
  readonly reorderMs: number;
}

export type SequenceVerdict = 'newest' | 'late' | 'recovered' | 'duplicate' | 'too-old';

/** Which numbers of one start of one device arrived: bounded memory, whatever the device sends. */
export interface SequenceTracker {
  readonly newest: number;
  /** `recovered`: had been counted as lost and came after all. `too-old`: before what is remembered, so it may be a duplicate. */
  note(seq: number, receivedMs: number): SequenceVerdict;
  /** @returns how many numbers became lost since the last call */
  expire(nowMs: number): number;
}

/** Numbers that are remembered: at 4 messages a second more than half an hour. */
export const rememberedNumbers = 8_192;
const mostHoles = 256;

interface Hole {
  readonly from: number;
  readonly to: number;
  readonly sinceMs: number;
}

export function createSequenceTracker({ reorderMs }: SequenceOptions): SequenceTracker {
  const seen = new Uint32Array(rememberedNumbers / 32);
  let newest = -1;
  let first = 0;
  let holes: Hole[] = [];
  let lost = 0;

  const has = (seq: number): boolean => (((seen[(seq % rememberedNumbers) >> 5] ?? 0) >>> (seq & 31)) & 1) === 1;
  const set = (seq: number, on: boolean): void => {
    const word = (seq % rememberedNumbers) >> 5;
    const bit = 1 << (seq & 31);
    seen[word] = on ? (seen[word] ?? 0) | bit : (seen[word] ?? 0) & ~bit;
  };
  const advance = (seq: number): void => {
    if (seq - newest >= rememberedNumbers) seen.fill(0);
    else for (let n = newest + 1; n <= seq; n += 1) set(n, false);
    newest = seq;
    set(seq, true);
  };
  const lose = (hole: Hole): void => {
    lost += hole.to - hole.from + 1;
  };

  return {
    get newest() {
      return newest;
    },
    note(seq, receivedMs) {
      if (newest < 0) {
        first = seq;
        newest = seq;
        set(seq, true);
        return 'newest';
      }
      if (seq > newest) {
        if (seq > newest + 1) holes.push({ from: newest + 1, to: seq - 1, sinceMs: receivedMs });
        if (holes.length > mostHoles) holes.splice(0, holes.length - mostHoles).forEach(lose);
        advance(seq);
        return 'newest';
      }
      if (seq <= newest - rememberedNumbers) return 'too-old';
      if (has(seq)) return 'duplicate';
      set(seq, true);
      const at = holes.findIndex(({ from, to }) => from <= seq && seq <= to);
      const hole = holes[at];
      if (hole === undefined) return seq < first ? 'late' : 'recovered';
      const parts = [
        { ...hole, to: seq - 1 },
        { ...hole, from: seq + 1 },
      ].filter(({ from, to }) => from <= to);
      holes.splice(at, 1, ...parts);
      return 'late';
    },
    expire(nowMs) {
      const over = holes.filter(({ sinceMs }) => nowMs - sinceMs > reorderMs);
      over.forEach(lose);
      if (over.length > 0) holes = holes.filter(({ sinceMs }) => nowMs - sinceMs <= reorderMs);
      const count = lost;
      lost = 0;
      return count;
    },
  };
}
