import type { ActivityState } from './patient/activity.js';
import type { StoryName } from './patient/story.js';
import type { WardSecond } from './patient/ward-patient.js';
import type { TruthEvent } from './truth/truth-event.js';

export interface TrendPlotOptions {
  readonly title: string;
  readonly startMs: number;
  readonly hours: number;
}

type Panel = 'pulse' | 'spo2' | 'respiration' | 'systolic' | 'temperature';
interface Look {
  readonly title: string;
  readonly low: number;
  readonly high: number;
  readonly limits: readonly number[];
  readonly colour: string;
}

const panels: Readonly<Record<Panel, Look>> = {
  pulse: { title: 'pulse /min', low: 10, high: 170, limits: [40, 130], colour: '#b3261e' },
  spo2: { title: 'SpO2 %', low: 78, high: 100, limits: [85, 90], colour: '#1259a8' },
  respiration: { title: 'breaths /min', low: 0, high: 35, limits: [8, 25], colour: '#2b6b3c' },
  systolic: { title: 'systolic mmHg', low: 40, high: 180, limits: [90], colour: '#6b3fa0' },
  temperature: { title: 'temperature C', low: 35, high: 40, limits: [38], colour: '#a86012' },
};
const activityColours: Readonly<Record<ActivityState, string>> = {
  asleep: '#31456b',
  resting: '#aebfd8',
  turning: '#7fa0c8',
  sitting: '#e3d9b8',
  walking: '#e39b3b',
  falling: '#b3261e',
  'on-floor': '#d66a62',
};

const widthPx = 1_200;
const leftPx = 150;
const panelPx = 118;
const gapPx = 14;
const topPx = 74;
const plotPx = widthPx - leftPx - 20;

export interface TrendPlot {
  add(second: WardSecond): void;
  svg(): string;
}

/** Vital signs of one patient as SVG: measured values as points, true values as lines, stories as bands, crossings as bars. */
export function createTrendPlot(options: TrendPlotOptions): TrendPlot {
  const { startMs, hours } = options;
  const spanMs = hours * 3_600_000;
  // One column of points for each pixel is all that a screen can show.
  const everyMs = Math.max(1_000, Math.round(spanMs / plotPx / 1_000) * 1_000);
  const names: readonly Panel[] = ['pulse', 'spo2', 'respiration', 'systolic', 'temperature'];
  const lines = new Map<Panel, string[]>(names.map((name) => [name, []]));
  const dots = new Map<Panel, string[]>(names.map((name) => [name, []]));
  const strip: { readonly fromMs: number; readonly state: ActivityState }[] = [];
  const truths: TruthEvent[] = [];
  let endMs = startMs;
  const x = (atMs: number): string => (leftPx + ((atMs - startMs) / spanMs) * plotPx).toFixed(1);
  const panelTop = (name: Panel): number => topPx + names.indexOf(name) * (panelPx + gapPx);
  const y = (name: Panel, value: number): string => {
    const { low, high } = panels[name];
    const share = (Math.min(high, Math.max(low, value)) - low) / (high - low);
    return (panelTop(name) + panelPx * (1 - share)).toFixed(1);
  };
  const text = (px: number, py: number, words: string, attributes = ''): string =>
    `<text x="${px}" y="${py}" ${attributes}>${words.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</text>`;
  const bandOf = (began: TruthEvent, endKind: TruthEvent['kind']): readonly [string, string] => {
    const end = truths.find((event) => event.kind === endKind && event.id === began.id);
    const from = x(began.atMs);
    return [from, (Number(x(end?.atMs ?? endMs)) - Number(from)).toFixed(1)];
  };
  const stories = (): readonly string[] => {
    const seen = new Map<StoryName, number>();
    return truths.flatMap((event) => {
      if (event.kind !== 'story-began') return [];
      const [from, width] = bandOf(event, 'story-ended');
      seen.set(event.story, (seen.get(event.story) ?? 0) + 1);
      const height = names.length * (panelPx + gapPx);
      return [
        `<rect x="${from}" y="${topPx}" width="${width}" height="${height}" fill="#f2c84b" opacity="0.28"/>`,
        text(
          Number(from) + 2,
          topPx - 6 - 13 * (truths.indexOf(event) % 2),
          event.story,
          'font-size="12" fill="#5c4700"',
        ),
      ];
    });
  };
  const crossings = (): readonly string[] => {
    const conditions = [...new Set(truths.flatMap((e) => (e.kind === 'crossing-began' ? [e.condition] : [])))];
    const top = topPx + names.length * (panelPx + gapPx) + 34;
    return [
      ...conditions.map((condition, row) =>
        text(leftPx - 8, top + row * 16 + 9, condition, 'font-size="11" text-anchor="end"'),
      ),
      ...truths.flatMap((event) => {
        if (event.kind !== 'crossing-began') return [];
        const [from, width] = bandOf(event, 'crossing-ended');
        const wide = Math.max(2, Number(width));
        const row = conditions.indexOf(event.condition);
        const isHeld = truths.some(({ kind, id }) => kind === 'crossing-held' && id === event.id);
        return [
          `<rect x="${from}" y="${top + row * 16}" width="${wide}" height="11" fill="${isHeld ? '#b3261e' : '#d9a5a1'}"/>`,
        ];
      }),
    ];
  };
  return {
    add(second) {
      endMs = second.atMs;
      truths.push(...second.truth);
      const { state } = second.activity;
      if (strip[strip.length - 1]?.state !== state) strip.push({ fromMs: second.atMs, state });
      if ((second.atMs - startMs) % everyMs !== 0) return;
      const at = x(second.atMs);
      for (const name of names) lines.get(name)?.push(`${at},${y(name, second.vitals[name])}`);
      if (second.batteryPercent === 0 || !second.inRange) return;
      for (const name of ['pulse', 'spo2', 'respiration'] as const) {
        const { v, q } = second[name];
        if (v !== null)
          dots.get(name)?.push(`<circle cx="${at}" cy="${y(name, v)}" r="1.3" opacity="${q < 40 ? 0.25 : 0.8}"/>`);
      }
    },
    svg() {
      const bottom = topPx + names.length * (panelPx + gapPx);
      const conditions = new Set(truths.flatMap((e) => (e.kind === 'crossing-began' ? [e.condition] : []))).size;
      const height = bottom + 44 + 16 * conditions + 26;
      const hourLines = Array.from({ length: Math.floor(hours) + 1 }, (_, hour) => {
        const at = x(startMs + hour * 3_600_000);
        const clock = `${String(Math.floor(startMs / 3_600_000 + hour) % 24).padStart(2, '0')}:00`;
        const line = `<line x1="${at}" x2="${at}" y1="${topPx}" y2="${bottom}" stroke="#ddd"/>`;
        return hours > 24 && hour % 6 !== 0
          ? line
          : line + text(Number(at), bottom + 14, clock, 'font-size="10" text-anchor="middle"');
      });
      const drawn = names.flatMap((name) => {
        const { title, low, high, limits, colour } = panels[name];
        const top = panelTop(name);
        return [
          `<rect x="${leftPx}" y="${top}" width="${plotPx}" height="${panelPx}" fill="none" stroke="#999"/>`,
          text(8, top + 16, title, `font-size="13" fill="${colour}"`),
          text(leftPx - 6, top + 10, String(high), 'font-size="10" text-anchor="end"'),
          text(leftPx - 6, top + panelPx, String(low), 'font-size="10" text-anchor="end"'),
          ...limits.map((limit) => {
            const at = y(name, limit);
            const line = `<line x1="${leftPx}" x2="${widthPx - 20}" y1="${at}" y2="${at}" stroke="${colour}" stroke-dasharray="5 4"/>`;
            return line + text(leftPx - 6, Number(at) + 4, String(limit), 'font-size="10" text-anchor="end"');
          }),
          `<g fill="${colour}">${(dots.get(name) ?? []).join('')}</g>`,
          `<polyline points="${(lines.get(name) ?? []).join(' ')}" fill="none" stroke="#222" stroke-width="1"/>`,
        ];
      });
      const activity = strip.map(({ fromMs, state }, index) => {
        const from = Number(x(fromMs));
        const width = Math.max(0.6, Number(x(strip[index + 1]?.fromMs ?? endMs)) - from);
        return `<rect x="${from}" y="${bottom + 18}" width="${width.toFixed(1)}" height="10" fill="${activityColours[state]}"/>`;
      });
      const legend = Object.entries(activityColours).map(([state, colour], index) => {
        const px = leftPx + index * 110;
        return `<rect x="${px}" y="${height - 18}" width="12" height="10" fill="${colour}"/>${text(px + 16, height - 9, state, 'font-size="11"')}`;
      });
      return [
        `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${height}" font-family="sans-serif">`,
        `<rect width="${widthPx}" height="${height}" fill="#fff"/>`,
        text(8, 22, options.title, 'font-size="16"'),
        text(
          8,
          40,
          'Points: measured (pale: poor quality). Lines: true values. Yellow: a story. Red bars: true crossings, pale when shorter than the usual delay.',
          'font-size="12" fill="#444"',
        ),
        ...stories(),
        ...hourLines,
        ...drawn,
        text(leftPx - 8, bottom + 27, 'activity', 'font-size="11" text-anchor="end"'),
        ...activity,
        ...crossings(),
        ...legend,
        '</svg>',
      ].join('\n');
    },
  };
}
