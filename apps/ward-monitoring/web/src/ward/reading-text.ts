import type { BedView, ReadingState, ReadingView } from '@edge-blueprints/contracts';
import { kitStrings } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';
import { ageText } from './age-text.js';

export type ReadingName = keyof BedView['readings'];

const digits = (count: number): Intl.NumberFormat =>
  new Intl.NumberFormat(kitStrings.locale, { minimumFractionDigits: count, maximumFractionDigits: count });
const whole = digits(0);
const tenth = digits(1);

export interface ShownReading {
  readonly name: ReadingName;
  readonly label: string;
  readonly value: string;
  readonly unit: string;
  readonly state: ReadingState;
  readonly age: string;
}

export function shownReading(name: ReadingName, reading: ReadingView): ShownReading {
  const words: Readonly<Record<string, string>> = strings.readingWords;
  const number = reading.value === null ? null : (name === 'temperature' ? tenth : whole).format(reading.value);
  return {
    name,
    label: strings.readings[name],
    value: reading.word === null ? (number ?? strings.none) : (words[reading.word] ?? reading.word),
    unit: reading.value === null ? '' : strings.units[name],
    state: reading.state,
    age: reading.state === 'not-measured' ? strings.states['not-measured'] : ageText(reading.ageS),
  };
}
