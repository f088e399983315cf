import type { StudyFigures } from './study-figures.js';

const width = 860;
const height = 520;
const left = 70;
const right = 30;
const top = 76;
const bottom = 70;

/** Alarm load against sensitivity, one point with its intervals for each setting, the aim as a box. */
export function drawLoad(figures: readonly StudyFigures[], title: string): string {
  const loads = figures.map(({ load }) => load.perPatientDay);
  const most = Math.max(1, ...loads) * 1.6;
  const least = Math.min(0.1, ...loads.filter((one) => one > 0)) / 1.3;
  const x = (load: number): number => {
    const part = Math.log(Math.max(load, least) / least) / Math.log(most / least);
    return left + part * (width - left - right);
  };
  const lowest = Math.min(0.8, ...figures.map(({ sensitivity }) => sensitivity.low)) - 0.02;
  const y = (share: number): number => top + ((1 - share) / (1 - lowest)) * (height - top - bottom);
  const text = (px: number, py: number, words: string, more = ''): string =>
    `<text x="${px.toFixed(1)}" y="${py.toFixed(1)}" ${more}>${words.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</text>`;
  const line = (x1: number, y1: number, x2: number, y2: number, more: string): string =>
    `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" ${more}/>`;
  const ticks = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100].filter((load) => load > least && load < most);
  const shares = Array.from({ length: 11 }, (_, i) => i / 10).filter((share) => share >= lowest);
  const sorted = [...figures].filter(({ setting }) => setting !== 'nothing smoothed');
  const path = sorted.map(
    ({ load, sensitivity }) => `${x(load.perPatientDay).toFixed(1)},${y(sensitivity.share).toFixed(1)}`,
  );
  const at = ({ load, sensitivity }: StudyFigures): string =>
    `${x(load.perPatientDay).toFixed(0)} ${y(sensitivity.share).toFixed(0)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(left, 26, title, 'font-size="16"'),
    `<rect x="${left}" y="${y(1).toFixed(1)}" width="${(x(0.5) - left).toFixed(1)}" height="${(y(0.95) - y(1)).toFixed(1)}" fill="#d9efd9"/>`,
    text(x(0.5) - 6, y(0.95) - 6, 'aim', 'fill="#2b6b3c" text-anchor="end"'),
    ...ticks.flatMap((load) => [
      line(x(load), top, x(load), height - bottom, 'stroke="#ddd"'),
      text(x(load), height - bottom + 18, String(load), 'text-anchor="middle"'),
    ]),
    ...shares.flatMap((share) => [
      line(left, y(share), width - right, y(share), 'stroke="#ddd"'),
      text(left - 8, y(share) + 4, share.toFixed(1), 'text-anchor="end"'),
    ]),
    text(left, height - 22, 'high and medium alarms of the body per patient-day (logarithmic)'),
    text(18, 50, 'share of injected events that were alarmed'),
    `<polyline points="${path.join(' ')}" fill="none" stroke="#1259a8" stroke-dasharray="4 3"/>`,
    ...figures.flatMap(({ setting, load, sensitivity }) => {
      const [px, py] = [x(load.perPatientDay), y(sensitivity.share)];
      const isSet = setting === 'as set';
      const colour = isSet ? '#b3261e' : '#1259a8';
      return [
        line(x(load.low), py, x(load.high), py, `stroke="${colour}" opacity="0.45"`),
        line(px, y(sensitivity.low), px, y(sensitivity.high), `stroke="${colour}" opacity="0.45"`),
        `<circle cx="${px.toFixed(1)}" cy="${py.toFixed(1)}" r="${isSet ? 6 : 4}" fill="${colour}"/>`,
      ];
    }),
    // Points at one place have one label.
    ...figures.flatMap((first, index) => {
      const here = figures.filter((each) => at(each) === at(first));
      if (figures.findIndex((each) => at(each) === at(first)) !== index) return [];
      const px = x(first.load.perPatientDay);
      const isRight = px > width / 2;
      const names = here.map(({ setting }) => setting).join(', ');
      const anchor = isRight ? 'text-anchor="end"' : '';
      return [text(px + (isRight ? -10 : 10), y(first.sensitivity.share) - 9, names, anchor)];
    }),
    '</svg>',
    '',
  ].join('\n');
}
