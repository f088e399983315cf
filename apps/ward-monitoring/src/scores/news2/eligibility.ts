import { EdgeError } from '@edge-blueprints/contracts';

/** What must be known of a person before the chart applies. */
export interface News2Person {
  readonly ageYears: number;
  readonly pregnant: boolean;
}

/** The chart does not apply to this person: there is no number to show, and limits of single signals still alarm. */
export class News2Refusal extends EdgeError {}

/** @throws News2Refusal `news2.age` under 16 years, `news2.pregnancy` */
export function requireNews2Person({ ageYears, pregnant }: News2Person): void {
  if (!(ageYears >= 16))
    throw new News2Refusal(
      'news2.age',
      'NEWS2 is for people of 16 years and older; use the paediatric chart of the hospital',
    );
  if (pregnant)
    throw new News2Refusal(
      'news2.pregnancy',
      'NEWS2 is not for use in pregnancy; use the obstetric chart of the hospital',
    );
}
