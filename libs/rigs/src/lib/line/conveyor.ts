/** A belt with an encoder on its roller. Pure: time comes in with `advance`. */
export interface Conveyor {
  /** Moves the belt to this time. Times that go back are ignored. */
  advance(nowMs: number): void;
  setRunning(running: boolean): void;
  /** 1 is nominal, above 1 too fast, negative backwards. */
  setSpeedFactor(factor: number): void;
  /** Share of the belt's travel that the encoder misses because its wheel slips, 0 to 1. */
  setSlip(share: number): void;
  readonly running: boolean;
  readonly positionMm: number;
  /** Signed, 0 when stopped. */
  readonly speedMmPerS: number;
  /** u32 counts, wraps. */
  readonly encoder: number;
  /** What the encoder read when the belt was at this place, a short way back: how a hardware latch sees an edge. */
  encoderAt(positionMm: number): number;
  /** Milliseconds until the belt is there, or undefined when it does not move that way. */
  msUntil(positionMm: number): number | undefined;
}

export interface ConveyorOptions {
  readonly countsPerMm: number;
  readonly beltMmPerS: number;
  /** First encoder value, u32. */
  readonly startEncoder?: number;
  readonly startMs: number;
}

export function createConveyor(options: ConveyorOptions): Conveyor {
  let lastMs = options.startMs;
  let positionMm = 0;
  let counts = options.startEncoder ?? 0;
  let running = false;
  let factor = 1;
  let slip = 0;
  const speed = (): number => (running ? options.beltMmPerS * factor : 0);
  const wrapped = (value: number): number => {
    const whole = Math.floor(value) % 2 ** 32;
    return whole < 0 ? whole + 2 ** 32 : whole;
  };
  return {
    advance(nowMs) {
      if (nowMs <= lastMs) return;
      const travel = (speed() * (nowMs - lastMs)) / 1000;
      positionMm += travel;
      counts += travel * options.countsPerMm * (1 - slip);
      lastMs = nowMs;
    },
    setRunning(next) {
      running = next;
    },
    setSpeedFactor(next) {
      factor = next;
    },
    setSlip(next) {
      slip = next;
    },
    get running() {
      return running;
    },
    get positionMm() {
      return positionMm;
    },
    get speedMmPerS() {
      return speed();
    },
    get encoder() {
      return wrapped(counts);
    },
    encoderAt: (at) => wrapped(counts - (positionMm - at) * options.countsPerMm * (1 - slip)),
    msUntil(at) {
      const velocity = speed();
      const wayMm = at - positionMm;
      if (velocity === 0 || wayMm / velocity < 0) return undefined;
      return (wayMm / velocity) * 1000;
    },
  };
}
