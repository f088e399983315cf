import { kitStrings as strings } from './strings.js';

const locale = strings.locale;
const empty = strings.none;

const integer = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const twoDigits = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const figure = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
const percent = new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const time = new Intl.DateTimeFormat(locale, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const shortTime = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const dateTime = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

function stamp(format: Intl.DateTimeFormat, iso: string | null): string {
  if (iso === null) return empty;
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? empty : format.format(ms);
}

export const formatCount = (value: number): string => integer.format(value);
export const formatPercent = (share: number): string => percent.format(share);
export const formatScore = (score: number): string => twoDigits.format(score);

/** Three significant digits, as in the sentences of the devices; `{part}` and `1` are units without a word. */
export function formatFigure(value: number, unit = ''): string {
  const word = unit === '1' ? '' : unit.replace(/[{}]/g, '').trim();
  return word === '' ? figure.format(value) : `${figure.format(value)} ${word}`;
}

/** Small chances are told by their order; below 1e-12 the test itself is no longer exact. */
export function formatChance(p: number): string {
  if (p >= 0.001) return figure.format(p);
  return p < 1e-12 ? '< 1e-12' : p.toExponential(1);
}

/** As many figures as help on a screen: 0.02 ms, 9.8 ms, 142 ms. */
export function formatMs(ms: number): string {
  const size = Math.abs(ms);
  const format = size === 0 || size >= 100 ? integer : size < 1 ? twoDigits : oneDigit;
  return `${format.format(ms)} ms`;
}

/** Records hold UTC; the screen shows the time of the wall behind it. */
export const formatTime = (iso: string | null): string => stamp(time, iso);
export const formatShortTime = (iso: string | null): string => stamp(shortTime, iso);
export const formatDateTime = (iso: string | null): string => stamp(dateTime, iso);

export function formatAge(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1000));
  if (seconds < 60) return strings.age.seconds(seconds);
  if (seconds < 3600) return strings.age.minutes(Math.floor(seconds / 60), seconds % 60);
  if (seconds < 172_800) return strings.age.hours(Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60));
  return strings.age.days(Math.floor(seconds / 86_400), Math.floor((seconds % 86_400) / 3600));
}

/** First eight digits of a digest: enough to compare two screens, the whole value is in the title. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 8) || empty;
}

/** UTC stamps inside of a sentence from a record, as times of the wall behind the screen. */
export function withLocalTimes(sentence: string): string {
  return sentence.replace(/\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g, (iso) => formatDateTime(iso));
}
