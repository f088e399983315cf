import type { FloorPoint } from '@edge-blueprints/contracts';

/** Power of the changes of a walker's velocity, m2/s3: a step from standing to walking takes about a second. */
const accelerationPower = 0.3;
/** Of a first velocity, m/s. */
const startSpeedSigma = 0.8;
/** Without being seen nobody is believed to walk on for longer. */
const coastS = 1;

/**
 * Kalman filter of position and velocity on the floor, both axes alike, in seconds. The step is the time between two
 * pictures, so a slow camera and a fast one give the same walk.
 */
export class FloorFilter {
  #at: readonly [number, number];
  #velocity: readonly [number, number] = [0, 0];
  #pp: number;
  #pv = 0;
  #vv = startSpeedSigma ** 2;
  #unseenS = 0;

  constructor(first: FloorPoint, sigmaM: number) {
    this.#at = first;
    this.#pp = sigmaM * sigmaM;
  }

  get floor(): FloorPoint {
    return [this.#at[0], this.#at[1]];
  }

  get velocity(): FloorPoint {
    return [this.#velocity[0], this.#velocity[1]];
  }

  /** Standard deviation of the place along each axis. */
  get sigmaM(): number {
    return Math.sqrt(this.#pp);
  }

  /** Time passes. */
  predict(dtS: number): void {
    const movingS = Math.max(0, Math.min(dtS, coastS - this.#unseenS));
    this.#unseenS += dtS;
    this.#at = [this.#at[0] + this.#velocity[0] * movingS, this.#at[1] + this.#velocity[1] * movingS];
    if (this.#unseenS > coastS) this.#velocity = [0, 0];
    const q = accelerationPower;
    this.#pp += 2 * dtS * this.#pv + dtS * dtS * this.#vv + (q * dtS ** 3) / 3;
    this.#pv += dtS * this.#vv + (q * dtS ** 2) / 2;
    this.#vv = Math.min(this.#vv + q * dtS, 4);
  }

  /** Seen at this place. */
  update(floor: FloorPoint, sigmaM: number): void {
    this.#unseenS = 0;
    const total = this.#pp + sigmaM * sigmaM;
    const gainP = this.#pp / total;
    const gainV = this.#pv / total;
    const [dx, dy] = [floor[0] - this.#at[0], floor[1] - this.#at[1]];
    this.#at = [this.#at[0] + gainP * dx, this.#at[1] + gainP * dy];
    this.#velocity = [this.#velocity[0] + gainV * dx, this.#velocity[1] + gainV * dy];
    this.#vv -= gainV * this.#pv;
    this.#pv -= gainV * this.#pp;
    this.#pp -= gainP * this.#pp;
  }
}
