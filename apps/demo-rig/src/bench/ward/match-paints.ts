/** A sample beyond a limit, in the moment in which the rig sent it. */
export interface SentCrossing {
  readonly bed: string;
  readonly condition: string;
  readonly atMs: number;
}

/** The start of an alarm, in the moment in which the page had painted it. */
export interface PaintedStart {
  readonly subject: string;
  readonly condition: string;
  readonly paintedMs: number;
  readonly shown: boolean | null;
}

export interface MatchedPaints {
  readonly latenciesMs: readonly number[];
  readonly missed: readonly SentCrossing[];
  /** Confirmed as painted, but no tile showed it. */
  readonly unseen: number;
}

const latestMs = 30_000;

/** Each crossing belongs to the first start of that alarm after it; a start is used once. Both clocks are those of one machine. */
export function matchPaints(crossings: readonly SentCrossing[], starts: readonly PaintedStart[]): MatchedPaints {
  const byKey = new Map<string, PaintedStart[]>();
  for (const start of [...starts].sort((a, b) => a.paintedMs - b.paintedMs)) {
    const key = `${start.subject} ${start.condition}`;
    byKey.set(key, [...(byKey.get(key) ?? []), start]);
  }
  const latenciesMs: number[] = [];
  const missed: SentCrossing[] = [];
  let unseen = 0;
  for (const crossing of [...crossings].sort((a, b) => a.atMs - b.atMs)) {
    const list = byKey.get(`${crossing.bed} ${crossing.condition}`) ?? [];
    const index = list.findIndex(
      ({ paintedMs }) => paintedMs >= crossing.atMs && paintedMs <= crossing.atMs + latestMs,
    );
    const start = list[index];
    if (start === undefined) {
      missed.push(crossing);
      continue;
    }
    list.splice(index, 1);
    latenciesMs.push(start.paintedMs - crossing.atMs);
    if (start.shown === false) unseen += 1;
  }
  return { latenciesMs, missed, unseen };
}
