import type { SeriesView } from '@edge-blueprints/contracts';
import { strings } from '../strings.js';

export interface Band {
  readonly low: number;
  readonly high: number;
}

/**
 * Normal bands of what every device has, in the unit of the series. CPU, memory and disk as shares; temperature in degrees
 * Celsius, below the 80 at which small boards begin to throttle; a backlog of zero is the resting state, its band is a
 * minute at two events a second.
 */
const bands: readonly { readonly name: RegExp; readonly unit: RegExp; readonly band: Band }[] = [
  { name: /cpu/i, unit: /^(1|%)$/, band: { low: 0, high: 0.85 } },
  { name: /mem/i, unit: /^(1|%)$/, band: { low: 0, high: 0.85 } },
  { name: /disk|filesystem/i, unit: /^(1|%)$/, band: { low: 0, high: 0.9 } },
  { name: /temp/i, unit: /^(Cel|°C)$/, band: { low: 0, high: 80 } },
  { name: /drift\.effect/, unit: /^1$/, band: { low: 0, high: 1 } },
  { name: /backlog|outbox|pending/i, unit: /./, band: { low: 0, high: 120 } },
];

export function bandOf(series: Pick<SeriesView, 'name' | 'unit'>): Band | null {
  const found = bands.find(({ name, unit }) => name.test(series.name) && unit.test(series.unit));
  if (found === undefined) return null;
  const scale = series.unit === '%' ? 100 : 1;
  return { low: found.band.low * scale, high: found.band.high * scale };
}

/** A word for people where one is known, else the name that the device uses. */
export function seriesName(name: string): string {
  return strings.device.names.find(([pattern]) => pattern.test(name))?.[1] ?? name;
}

export function latestOf(series: Pick<SeriesView, 'values'>): number | null {
  for (let index = series.values.length - 1; index >= 0; index--) {
    const value = series.values[index];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

export function besideBand(value: number | null, band: Band | null): 'above' | 'below' | null {
  if (value === null || band === null) return null;
  return value > band.high ? 'above' : value < band.low ? 'below' : null;
}

/** A bare number of a utilisation is a share; any other stays a number. */
export function shownUnit(series: Pick<SeriesView, 'name' | 'unit'>): string {
  return series.unit === '1' && !/utili[sz]ation/.test(series.name) ? '' : series.unit;
}

const plain = new Intl.NumberFormat(strings.locale, { maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat(strings.locale, { maximumFractionDigits: 0 });
const share = new Intl.NumberFormat(strings.locale, { style: 'percent', maximumFractionDigits: 0 });
const bytes = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** On an axis the unit stands once, beside the latest value; only what belongs to the figure itself stays. */
export function axisValue(value: number, unit: string): string {
  return ['1', 'By'].includes(unit) ? seriesValue(value, unit) : seriesValue(value, '');
}

/** Units are those of UCUM, as the metrics carry them. */
export function seriesValue(value: number | null, unit: string): string {
  if (value === null) return strings.none;
  if (unit === '1') return share.format(value);
  if (unit === 'Cel' || unit === '°C') return `${whole.format(value)} °C`;
  if (unit === 'By') {
    const step = Math.min(bytes.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, Math.abs(value))) / 3)));
    return `${plain.format(value / 1000 ** step)} ${bytes[step] ?? 'B'}`;
  }
  const figure = Math.abs(value) >= 1000 ? whole.format(value) : plain.format(value);
  const word = unit.replace(/[{}]/g, '').trim();
  return word === '' ? figure : `${figure} ${word}`;
}
