import { UsageError, type Random } from '@edge-blueprints/contracts';

export interface LabelSamplerOptions {
  /** Labels that people can give in a day. Kept by feedback, not as a hard limit: a hard stop would leave parts that can never be drawn. */
  readonly labelsPerDay: number;
  /** Parts expected in a day: where the volumes start from. It is forgotten over the first day. */
  readonly partsPerDay: number;
  /** Draws that each stratum gets a day as long as it has as many parts, before the rest goes by volume and uncertainty. */
  readonly minimumPerStratum: number;
  /** 0: the rest goes by volume alone; 1: by volume times the uncertainty 2 sqrt(p (1 - p)) of the stratum's score. */
  readonly uncertaintyTilt: number;
  readonly random: Random;
}

export interface LabelItem {
  readonly verdict: 'pass' | 'reject';
  /** Class that the verdict rests on, empty for none. */
  readonly label: string;
  /** The model's own probability that the part is bad; null where none is calibrated. */
  readonly score: number | null;
}

export interface LabelDraw {
  readonly drawn: boolean;
  readonly stratum: string;
  /** Chance that this part had, fixed by what was seen before it. Above 0 always. */
  readonly inclusionProbability: number;
}

export interface LabelSampler {
  /** @param nowMs wall clock; a step back counts as the same hour */
  consider(item: LabelItem, nowMs: number): LabelDraw;
  snapshot(): {
    readonly drawnToday: number;
    readonly strata: readonly { readonly stratum: string; readonly parts: number; readonly drawn: number }[];
  };
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Later strata share one, so that a model with many classes cannot grow the table. */
const maximumStrata = 64;
/** Weight of an hour one hour later: the volume of a stratum is that of about the last day. */
const hourDecay = Math.exp(-1 / 24);
/** The first guess of a stratum's volume is a tenth of all parts, and counts as much as one hour of seeing them. */
const guess = { share: 0.1, hours: 1 } as const;
const feedback = { least: 0.1, most: 3 } as const;

interface Stratum {
  readonly uncertainty: number;
  parts: number;
  drawn: number;
  partsThisHour: number;
  /** Decayed count of parts. */
  recentParts: number;
  /** Labels a day that fall to it. */
  target: number;
}

/**
 * Draws parts for labelling: Poisson sampling stratified by verdict, class and score decile. The chance of a part is its stratum's
 * daily target over its expected daily volume, both known before the part is seen, so weighting each label with 1 / chance
 * gives an unbiased accuracy however the stream changes (`estimateAccuracy`).
 * @throws UsageError `drift.label-sampler`
 */
export function createLabelSampler(options: LabelSamplerOptions): LabelSampler {
  const { labelsPerDay, partsPerDay, minimumPerStratum, uncertaintyTilt, random } = options;
  if (!(labelsPerDay > 0 && partsPerDay > 0 && minimumPerStratum >= 0 && uncertaintyTilt >= 0 && uncertaintyTilt <= 1))
    throw new UsageError(
      'drift.label-sampler',
      `Label sampling needs labelsPerDay > 0, partsPerDay > 0, minimumPerStratum >= 0 and a tilt from 0 to 1, got ${labelsPerDay}, ${partsPerDay}, ${minimumPerStratum}, ${uncertaintyTilt}.`,
    );
  const strata = new Map<string, Stratum>();
  let hour = -Infinity;
  let day = -Infinity;
  /** Hours that `recentParts` stands for; decays with it. */
  let recentHours = guess.hours;
  let guessedParts = (partsPerDay * guess.share * guess.hours) / 24;
  let drawnToday = 0;

  const volumePerDay = (stratum: Stratum, nowMs: number): number =>
    (24 * (stratum.recentParts + stratum.partsThisHour)) / (recentHours + Math.max(0, nowMs / hourMs - hour));

  const allocate = (nowMs: number): void => {
    const all = [...strata.values()];
    const minimum = Math.min(minimumPerStratum, labelsPerDay / Math.max(1, all.length));
    const guaranteed = all.map((stratum) => Math.min(minimum, volumePerDay(stratum, nowMs)));
    const rest = labelsPerDay - guaranteed.reduce((a, b) => a + b, 0);
    const pull = all.map((s) => volumePerDay(s, nowMs) * (1 - uncertaintyTilt + uncertaintyTilt * s.uncertainty));
    const total = pull.reduce((a, b) => a + b, 0);
    all.forEach((stratum, i) => (stratum.target = (guaranteed[i] ?? 0) + (rest * (pull[i] ?? 0)) / total));
  };
  const tick = (nowMs: number): void => {
    const now = Math.floor(nowMs / hourMs);
    if (now <= hour) return;
    const passed = hour === -Infinity ? 0 : now - hour;
    const decay = hourDecay ** passed;
    recentHours = recentHours * decay + (1 - decay) / (1 - hourDecay);
    guessedParts *= decay;
    for (const stratum of strata.values()) {
      stratum.recentParts = stratum.recentParts * decay + stratum.partsThisHour * hourDecay ** Math.max(0, passed - 1);
      stratum.partsThisHour = 0;
    }
    hour = now;
    const today = Math.floor(nowMs / dayMs);
    if (today > day) {
      day = today;
      drawnToday = 0;
    }
    allocate(nowMs);
  };
  /** Draws more when the day is behind its budget, less when it is ahead. */
  const pace = (nowMs: number): number => {
    const left = Math.max(0.02, 1 - (nowMs - day * dayMs) / dayMs);
    return Math.min(feedback.most, Math.max(feedback.least, (labelsPerDay - drawnToday) / (labelsPerDay * left)));
  };
  return {
    consider(item, nowMs) {
      tick(nowMs);
      const name = stratumName(item, strata);
      const stratum = strata.get(name) ?? addStratum(strata, name, item.score, guessedParts);
      if (stratum.target === 0) allocate(nowMs);
      const inclusionProbability = Math.min(1, (stratum.target * pace(nowMs)) / volumePerDay(stratum, nowMs));
      const drawn = random.next() < inclusionProbability;
      stratum.parts += 1;
      stratum.partsThisHour += 1;
      if (drawn) {
        stratum.drawn += 1;
        drawnToday += 1;
      }
      return { drawn, stratum: name, inclusionProbability };
    },
    snapshot: () => ({
      drawnToday,
      strata: [...strata].map(([stratum, { parts, drawn }]) => ({ stratum, parts, drawn })),
    }),
  };
}

function stratumName({ verdict, label, score }: LabelItem, known: ReadonlyMap<string, Stratum>): string {
  const decile = score === null || Number.isNaN(score) ? 'none' : Math.min(9, Math.max(0, Math.floor(score * 10)));
  const name = `${verdict}/${label.slice(0, 64)}/${decile}`;
  return known.has(name) || known.size < maximumStrata - 2 ? name : `${verdict}/other`;
}

function addStratum(strata: Map<string, Stratum>, name: string, score: number | null, recentParts: number): Stratum {
  const middle =
    score === null || Number.isNaN(score) ? 0.5 : (Math.min(9, Math.max(0, Math.floor(score * 10))) + 0.5) / 10;
  const stratum: Stratum = {
    uncertainty: 2 * Math.sqrt(middle * (1 - middle)),
    parts: 0,
    drawn: 0,
    partsThisHour: 0,
    recentParts,
    target: 0,
  };
  strata.set(name, stratum);
  return stratum;
}
