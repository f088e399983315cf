import { html, number, type Markup } from './markup.js';

const width = 760;
export const seriesColours = ['var(--s1)', 'var(--s2)', 'var(--s3)', 'var(--s4)', 'var(--s5)'] as const;
const colour = (i: number): string => seriesColours[i % seriesColours.length] ?? 'var(--s1)';

function figureOf(label: string, height: number, body: readonly Markup[], caption: string): Markup {
  return html`<figure>
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${[...body]}</svg>
    <figcaption>${caption}</figcaption>
  </figure>`;
}

export function legend(names: readonly string[]): Markup {
  return html`<div class="legend">
    ${names.map((name, i) => html`<span><i style="background:${colour(i)}"></i>${name}</span>`)}
  </div>`;
}

/** Round steps of 1, 2 or 5 that lead to the top in at most five. */
export function ticks(top: number): readonly number[] {
  const rough = top / 4 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.floor(top / step + 1e-9) + 1 }, (_, i) => i * step);
}

export interface StackedBar {
  readonly name: string;
  readonly parts: readonly number[];
  readonly note: string;
}

/** Lying bars of the same parts in the same order; the note stands behind each. */
export function stackedBars(label: string, caption: string, bars: readonly StackedBar[], unit: string): Markup {
  const top = Math.max(...bars.map(({ parts }) => parts.reduce((sum, part) => sum + part, 0)), 1e-9);
  const [left, right, step] = [190, 130, 34];
  const x = (value: number): number => left + (value / top) * (width - left - right);
  const height = bars.length * step + 34;
  const body = [
    ...ticks(top).map(
      (tick) =>
        html`<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="4" y2="${height - 26}" /><text
            class="soft"
            x="${x(tick)}"
            y="${height - 10}"
            text-anchor="middle"
            >${number(tick)}</text
          >`,
    ),
    html`<text class="soft" x="${width}" y="${height - 10}" text-anchor="end">${unit}</text>`,
    ...bars.map(({ name, parts, note }, row) => {
      let from = 0;
      const rects = parts.map((part, i) => {
        const rect = html`<rect
          x="${x(from)}"
          y="${row * step + 8}"
          width="${Math.max(0, x(from + part) - x(from))}"
          height="20"
          fill="${colour(i)}"
        />`;
        from += part;
        return rect;
      });
      return html`<text x="${left - 10}" y="${row * step + 22}" text-anchor="end">${name}</text>${rects}<text
          x="${x(from) + 8}"
          y="${row * step + 22}"
          >${note}</text
        >`;
    }),
  ];
  return figureOf(label, height, body, caption);
}

export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

export interface Dot {
  readonly x: number;
  readonly y: number;
  readonly name: string;
}

/** Lines over a numeric axis, with named dots on them where given. */
export function lineChart(
  label: string,
  caption: string,
  axes: { readonly x: string; readonly y: string },
  lines: readonly Line[],
  dots: readonly Dot[] = [],
): Markup {
  const [left, top, bottom, height] = [64, 14, 250, 292];
  const points = [...lines.flatMap((line) => line.points), ...dots.map((dot) => [dot.x, dot.y] as const)];
  const xs = points.map(([value]) => value);
  const [xMin, xMax] = [Math.min(...xs), Math.max(...xs)];
  const yMax = Math.max(...points.map(([, value]) => value), 1e-9) * 1.06;
  const x = (value: number): number => left + ((value - xMin) / (xMax - xMin || 1)) * (width - left - 20);
  const y = (value: number): number => bottom - (value / yMax) * (bottom - top);
  const body = [
    ...ticks(yMax).map(
      (tick) =>
        html`<line class="grid" x1="${left}" x2="${width - 20}" y1="${y(tick)}" y2="${y(tick)}" /><text
            class="soft"
            x="${left - 8}"
            y="${y(tick) + 4}"
            text-anchor="end"
            >${number(tick)}</text
          >`,
    ),
    ...ticks(xMax - xMin).map(
      (tick) =>
        html`<text class="soft" x="${x(tick + xMin)}" y="${bottom + 18}" text-anchor="middle"
          >${number(tick + xMin)}</text
        >`,
    ),
    html`<text class="soft" x="${width - 20}" y="${height - 6}" text-anchor="end">${axes.x}</text
      ><text class="soft" x="${left}" y="10">${axes.y}</text>`,
    ...lines.map(
      (line, i) =>
        html`<polyline
          fill="none"
          stroke="${colour(i)}"
          stroke-width="2.5"
          points="${line.points.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(' ')}"
        />`,
    ),
    ...dots.map(
      (dot) =>
        html`<circle cx="${x(dot.x)}" cy="${y(dot.y)}" r="4.5" fill="var(--s2)" /><text
            x="${x(dot.x) + 8}"
            y="${y(dot.y) - 6}"
            >${dot.name}</text
          >`,
    ),
  ];
  return figureOf(label, height, body, caption);
}

export interface TornadoBar {
  readonly name: string;
  readonly low: string;
  readonly high: string;
  readonly atLow: number;
  readonly atHigh: number;
}

/** Bars left and right of the base; zero is drawn when it is in reach, as the decision turns there. */
export function tornado(
  label: string,
  caption: string,
  base: number,
  bars: readonly TornadoBar[],
  unit: string,
): Markup {
  const all = bars.flatMap(({ atLow, atHigh }) => [atLow, atHigh]).concat(base, 0);
  const [min, max] = [Math.min(...all), Math.max(...all)];
  const [left, right, step] = [300, 60, 34];
  const x = (value: number): number => left + ((value - min) / (max - min || 1)) * (width - left - right);
  const height = bars.length * step + 44;
  const body = [
    ...bars.map(({ name, low, high, atLow, atHigh }, row) => {
      const y = row * step + 8;
      const part = (at: number, fill: string): Markup =>
        html`<rect
          x="${Math.min(x(at), x(base))}"
          y="${y}"
          width="${Math.abs(x(at) - x(base))}"
          height="18"
          fill="${fill}"
        />`;
      const [leftText, rightText] = atLow <= atHigh ? [low, high] : [high, low];
      return html`<text x="${left - 52}" y="${y + 13}" text-anchor="end">${name}</text
        >${part(atLow, colour(0))}${part(atHigh, colour(1))}<text
          class="soft"
          font-size="10.5"
          x="${Math.min(x(atLow), x(atHigh), x(base)) - 4}"
          y="${y + 13}"
          text-anchor="end"
          >${leftText}</text
        ><text class="soft" font-size="10.5" x="${Math.max(x(atLow), x(atHigh), x(base)) + 4}" y="${y + 13}"
          >${rightText}</text
        >`;
    }),
    html`<line x1="${x(base)}" x2="${x(base)}" y1="0" y2="${height - 34}" stroke="var(--ink)" /><text
        x="${x(base)}"
        y="${height - 20}"
        text-anchor="middle"
        >${number(base)}</text
      >`,
    html`<line x1="${x(0)}" x2="${x(0)}" y1="0" y2="${height - 34}" stroke="var(--bad)" stroke-dasharray="4 3" /><text
        x="${x(0)}"
        y="${height - 5}"
        text-anchor="middle"
        class="soft"
        >0: both cost the same</text
      >`,
    html`<text class="soft" x="${width}" y="${height - 5}" text-anchor="end">${unit}</text>`,
  ];
  return figureOf(label, height, body, caption);
}

export interface Span {
  readonly name: string;
  readonly from: number;
  readonly until: number;
  readonly note: string;
}

/** Phases over weeks. */
export function gantt(label: string, caption: string, spans: readonly Span[]): Markup {
  const [left, right, step] = [190, 16, 30];
  const max = Math.max(...spans.map(({ until }) => until));
  const x = (week: number): number => left + (week / max) * (width - left - right);
  const height = spans.length * step + 34;
  const body = [
    ...ticks(max).map(
      (week) =>
        html`<line class="grid" x1="${x(week)}" x2="${x(week)}" y1="0" y2="${height - 26}" /><text
            class="soft"
            x="${x(week)}"
            y="${height - 10}"
            text-anchor="middle"
            >week ${number(week)}</text
          >`,
    ),
    ...spans.map(({ name, from, until, note }, row) => {
      const inside = x(until) > width * 0.72;
      return html`<text x="${left - 10}" y="${row * step + 20}" text-anchor="end">${name}</text
        ><rect
          x="${x(from)}"
          y="${row * step + 6}"
          width="${Math.max(2, x(until) - x(from))}"
          height="20"
          rx="3"
          fill="${colour(row)}"
        /><text
          x="${inside ? x(from) - 6 : x(until) + 6}"
          y="${row * step + 20}"
          text-anchor="${inside ? 'end' : 'start'}"
          class="soft"
          >${note}</text
        >`;
    }),
  ];
  return figureOf(label, height, body, caption);
}
