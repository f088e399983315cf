/** Of grown-ups and children together; who comes is mostly grown up. */
const usualM = 1.68;
const usualSigmaM = 0.17;
/** Moments of one walk err alike: their weight is that of far fewer. */
const alike = 3;

/**
 * Height of one person, from moments in which head and ankles are seen. Only to put the person on the floor; it is forgotten
 * with the track.
 */
export class Stature {
  #mean = usualM;
  #variance = usualSigmaM ** 2;

  get metres(): number {
    return this.#mean;
  }

  get sigmaM(): number {
    return Math.sqrt(this.#variance);
  }

  learn(suggested: { readonly metres: number; readonly sigmaM: number }): void {
    const gain = this.#variance / (this.#variance + (alike * suggested.sigmaM) ** 2);
    this.#mean += gain * (suggested.metres - this.#mean);
    this.#variance *= 1 - gain;
  }
}
