/** Who is next at an engine that several cameras share. Start-time fair queueing (Goyal, Vin and Cheng, 1996). */
export interface TurnOrder {
  /** The camera has a frame again after it had none: time it did not use is not saved up. */
  arrived(camera: string): void;
  /** The camera whose turn it is among those that wait; it has it from now on. Undefined when nobody waits. */
  next(waiting: readonly string[]): string | undefined;
}

/**
 * Every turn moves a camera's due time on by one frame of its floor rate, and the earliest due time is served: the camera
 * that is furthest behind its floor. Cameras that all have frames get turns in the ratio of their floors, within one turn
 * each, however slow the engine is: an overload slows all of them by the same factor and starves none.
 * @param floorFramesPerS rate of each camera below which its figures are degraded
 */
export function createTurnOrder(floorFramesPerS: Readonly<Record<string, number>>): TurnOrder {
  const due = new Map<string, number>(Object.keys(floorFramesPerS).map((camera) => [camera, 0]));
  let servedDue = 0;
  return {
    arrived: (camera) => {
      due.set(camera, Math.max(due.get(camera) ?? 0, servedDue));
    },
    next: (waiting) => {
      let chosen: string | undefined;
      let earliest = Number.POSITIVE_INFINITY;
      for (const camera of waiting) {
        const dueAt = due.get(camera) ?? servedDue;
        if (dueAt >= earliest) continue;
        earliest = dueAt;
        chosen = camera;
      }
      if (chosen === undefined) return undefined;
      servedDue = earliest;
      due.set(chosen, earliest + 1 / (floorFramesPerS[chosen] ?? 1));
      return chosen;
    },
  };
}
