import { strings } from '../strings.js';

/** In steps that a person reads and that do not draw a tile again every second. */
export function ageText(ageS: number | null): string {
  if (ageS === null) return '';
  if (ageS < 10) return strings.age.now;
  if (ageS < 60) return strings.age.seconds(Math.floor(ageS / 10) * 10);
  if (ageS < 3_600) return strings.age.minutes(Math.floor(ageS / 60));
  return strings.age.hours(Math.floor(ageS / 3_600), Math.floor((ageS % 3_600) / 60));
}
