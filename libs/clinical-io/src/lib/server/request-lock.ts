/** Work of one kind at a time, in the order of asking. */
export interface RequestLock {
  run<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * One lock for all writing requests. A lock for each resource would let two conditional creates of one identifier through, each for a
 * name of its own; work in memory gains nothing from more of them.
 */
export function createRequestLock(): RequestLock {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run: (work) => {
      const turn = last.then(work, work);
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}
