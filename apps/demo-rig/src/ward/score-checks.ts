import type { BedView, News2Parameter, WardView } from '@edge-blueprints/contracts';
import { trueNews2, type TrueVitals } from '@edge-blueprints/rigs';
import { z } from 'zod';

const acvpu = z.enum(['A', 'C', 'V', 'P', 'U']);
const oxygen = z.enum(['air', 'oxygen']);

/** True values of every patient at one moment, as the rig tells them. */
export const momentSchema = z.looseObject({
  event: z.literal('moment'),
  patients: z.array(z.looseObject({ bed: z.string(), news2: z.int() })),
});
export type WardMoment = z.infer<typeof momentSchema>;

export interface ScoreChecks {
  take(view: WardView, moment: WardMoment): void;
  figures(): ScoreFigures;
}

export interface ScoreFigures {
  /** Beds at moments at which the ward showed a score. */
  readonly looks: number;
  /** The interval of the ward held the true score. */
  readonly holdTruth: number;
  /** All seven parameters known: one number. */
  readonly complete: number;
  /** Of these, as the truth, and within two points of it; the rest is noise and age of what was measured. */
  readonly equal: number;
  readonly withinTwo: number;
  /** Of these, how many another encoding of the chart makes another number of: a fault. */
  readonly chartDisagrees: number;
}

/** NEWS2 that the ward shows, against the truth, and against the truth's own chart over the very values that were scored. */
export function createScoreChecks(): ScoreChecks {
  const counts = { looks: 0, holdTruth: 0, complete: 0, equal: 0, withinTwo: 0, chartDisagrees: 0 };
  const check = ({ score, readings }: BedView, truly: number): void => {
    if (score === null) return;
    counts.looks += 1;
    if (score.lo <= truly && truly <= score.hi) counts.holdTruth += 1;
    if (score.total === undefined) return;
    counts.complete += 1;
    if (score.total === truly) counts.equal += 1;
    if (Math.abs(score.total - truly) <= 2) counts.withinTwo += 1;
    const words = { consciousness: readings.consciousness.word, oxygen: readings.supplementalOxygen.word };
    const again = byTheChart(score.subScores, words, score.scale);
    if (again !== score.total) counts.chartDisagrees += 1;
  };
  return {
    take(view, moment) {
      const truth = new Map(moment.patients.map(({ bed, news2 }) => [bed, news2]));
      for (const bed of view.beds) {
        const truly = truth.get(bed.bed);
        if (truly !== undefined) check(bed, truly);
      }
    },
    figures: () => ({ ...counts }),
  };
}

/** NEWS2 of the rounded values and the words of a complete score by the rig's chart; undefined where one is missing. */
export function byTheChart(
  subScores: readonly { readonly parameter: News2Parameter; readonly rounded?: string }[],
  words: { readonly consciousness: string | null; readonly oxygen: string | null },
  scale: 1 | 2,
): number | undefined {
  const number = (parameter: News2Parameter): number =>
    Number(subScores.find((one) => one.parameter === parameter)?.rounded ?? Number.NaN);
  const consciousness = acvpu.safeParse(words.consciousness);
  const breathing = oxygen.safeParse(words.oxygen);
  if (!consciousness.success || !breathing.success) return undefined;
  const vitals: TrueVitals = {
    respiration: number('respiration'),
    spo2: number('oxygenSaturation'),
    systolic: number('systolic'),
    pulse: number('pulse'),
    temperature: number('temperature'),
    consciousness: consciousness.data,
    oxygen: breathing.data,
    diastolic: 0,
    irregular: 0,
  };
  return Object.values(vitals).some((value) => Number.isNaN(value)) ? undefined : trueNews2(vitals, scale);
}
