// Small SVG plots without a library. Colours follow the reader's scheme; the fallback can be read on white and on black.

const style = `<style>
text{font:12px system-ui,sans-serif;fill:#6e7781}.t{font-size:13px;font-weight:600}.s{font-size:11px}
.g{stroke:#8c959f;stroke-opacity:.3}.a{stroke:#8c959f}
.c0{fill:#0969da;stroke:#0969da}.c1{fill:#bf5b00;stroke:#bf5b00}.c2{fill:#1a7f37;stroke:#1a7f37}.l{fill:none;stroke-width:2}
@media (prefers-color-scheme:dark){text{fill:#c9d1d9}.c0{fill:#58a6ff;stroke:#58a6ff}.c1{fill:#f0883e;stroke:#f0883e}.c2{fill:#3fb950;stroke:#3fb950}}
</style>`;
const [width, height, left, right, top, bottom] = [760, 400, 60, 20, 40, 48];

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const round = (value) => Number(value.toFixed(1));

function frame(title, body, tall = height) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${tall}" width="${width}" height="${tall}" role="img" aria-label="${escape(title)}">
<title>${escape(title)}</title>
${style}
<text class="t" x="${left}" y="20">${escape(title)}</text>
${body.join('\n')}
</svg>
`;
}

/** Round numbers that cover the span. */
function ticks(low, high, count = 6) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? power * 10;
  const out = [];
  for (let v = Math.ceil(low / step - 1e-9) * step; v <= high + 1e-9; v += step) out.push(Number(v.toPrecision(10)));
  return out;
}

function axes({ x, y, xTicks, yTicks, xLabel, yLabel, xText = String, yText = String }) {
  const floor = height - bottom;
  return [
    ...yTicks.map(
      (v) =>
        `<line class="g" x1="${left}" x2="${width - right}" y1="${round(y(v))}" y2="${round(y(v))}"/><text class="s" x="${left - 6}" y="${round(y(v)) + 4}" text-anchor="end">${yText(v)}</text>`,
    ),
    ...xTicks.map(
      (v) =>
        `<line class="g" x1="${round(x(v))}" x2="${round(x(v))}" y1="${top}" y2="${floor}"/><text class="s" x="${round(x(v))}" y="${floor + 16}" text-anchor="middle">${xText(v)}</text>`,
    ),
    `<line class="a" x1="${left}" x2="${width - right}" y1="${floor}" y2="${floor}"/>`,
    `<text x="${(left + width - right) / 2}" y="${height - 10}" text-anchor="middle">${escape(xLabel)}</text>`,
    `<text x="16" y="${(top + floor) / 2}" text-anchor="middle" transform="rotate(-90 16 ${(top + floor) / 2})">${escape(yLabel)}</text>`,
  ];
}

const scale = (from, to, a, b) => (v) => a + ((v - from) / (to - from)) * (b - a);

/** Keys of the two precisions, top right. */
function legend(entries) {
  return entries.map(([text, colour], i) => {
    const x = width - right - 90 * (entries.length - i);
    return `<circle class="${colour}" cx="${x}" cy="16" r="5"/><text x="${x + 10}" y="20">${escape(text)}</text>`;
  });
}

/** The label of a point at the first place around it where nothing lies yet; `taken` grows by it. */
function placed({ cx, cy, label }, taken) {
  const wide = label.length * 6;
  const sides = [0, -11, 11, -22, 22, -33, 33, 44, 55].flatMap((dy) => [
    { x: cx + 9, y: cy + 4 + dy },
    { x: cx - 9 - wide, y: cy + 4 + dy },
  ]);
  const boxOf = ({ x, y }) => ({ x1: x, x2: x + wide, y1: y - 9, y2: y + 2 });
  const free = (b) =>
    b.x1 >= left && b.x2 <= width && !taken.some((t) => t.x1 < b.x2 && b.x1 < t.x2 && t.y1 < b.y2 && b.y1 < t.y2);
  const spot = sides.find((side) => free(boxOf(side))) ?? sides[0];
  taken.push(boxOf(spot));
  return `<text class="s" x="${round(spot.x)}" y="${round(spot.y)}">${escape(label)}</text>`;
}

/**
 * Accuracy with its interval against a cost on a logarithmic axis.
 * points: {x, y, low, high, label, series 0 | 1}
 */
export function scatter(title, points, { xLabel, xText }) {
  const lowX = Math.min(...points.map((p) => p.x)) / 1.25;
  const highX = Math.max(...points.map((p) => p.x)) * 1.25;
  const lowY = Math.max(0, Math.min(...points.map((p) => p.low)) - 0.3);
  const highY = Math.min(100.2, Math.max(...points.map((p) => p.high)) + 0.3);
  const x = (v) => scale(Math.log(lowX), Math.log(highX), left, width - right)(Math.log(v));
  const y = scale(lowY, highY, height - bottom, top);
  const decades = [];
  for (let p = Math.floor(Math.log10(lowX)); p <= Math.ceil(Math.log10(highX)); p++)
    for (const m of [1, 2, 5]) if (m * 10 ** p >= lowX && m * 10 ** p <= highX) decades.push(m * 10 ** p);
  const at = points.map((p) => ({ ...p, cx: round(x(p.x)), cy: round(y(p.y)) }));
  const taken = at.map(({ cx, cy }) => ({ x1: cx - 5, x2: cx + 5, y1: cy - 5, y2: cy + 5 }));
  const marks = at.map((p) => {
    const colour = `c${p.series}`;
    const text = placed(p, taken);
    return `<line class="${colour}" stroke-opacity=".45" x1="${p.cx}" x2="${p.cx}" y1="${round(y(p.low))}" y2="${round(y(p.high))}"/><circle class="${colour}" cx="${p.cx}" cy="${p.cy}" r="5"/>${text}`;
  });
  const grid = axes({
    x,
    y,
    xTicks: decades,
    yTicks: ticks(lowY, highY),
    xLabel,
    yLabel: 'mAP, % (95 % interval)',
    xText,
  });
  return frame(title, [
    ...grid,
    ...marks,
    ...legend([
      ['FP32', 'c0'],
      ['INT8', 'c1'],
    ]),
  ]);
}

/** Lines over a count on a logarithmic axis. series: {label, points: [{x, y, low, high}]} */
export function lines(title, series, { xLabel, yLabel }) {
  const all = series.flatMap((s) => s.points);
  const xs = [...new Set(all.map((p) => p.x))].sort((a, b) => a - b);
  const lowY = Math.min(0, ...all.map((p) => p.low)) - 0.02;
  const highY = Math.max(0, ...all.map((p) => p.high)) + 0.02;
  const x = (v) => scale(Math.log(xs[0] / 1.3), Math.log(xs.at(-1) * 1.3), left, width - right)(Math.log(v));
  const y = scale(lowY, highY, height - bottom, top);
  const body = series.flatMap(({ points }, k) => {
    const shift = (k - (series.length - 1) / 2) * 7; // intervals side by side
    const at = (p) => `${round(x(p.x) + shift)},${round(y(p.y))}`;
    return [
      `<polyline class="c${k} l" style="fill:none" points="${points.map(at).join(' ')}"/>`,
      ...points.map(
        (p) =>
          `<line class="c${k}" stroke-opacity=".5" x1="${round(x(p.x) + shift)}" x2="${round(x(p.x) + shift)}" y1="${round(y(p.low))}" y2="${round(y(p.high))}"/><circle class="c${k}" cx="${round(x(p.x) + shift)}" cy="${round(y(p.y))}" r="4"/>`,
      ),
    ];
  });
  const grid = axes({ x, y, xTicks: xs, yTicks: ticks(lowY, highY), xLabel, yLabel });
  return frame(title, [...grid, ...body, ...legend(series.map((s, k) => [s.label, `c${k}`]))]);
}

/** Two bars a row. rows: {label, own, whole} in dB */
export function bars(title, rows, names) {
  const rowHeight = 26;
  const start = 130;
  const most = Math.max(...rows.flatMap((r) => [r.own, r.whole]));
  const x = scale(0, most * 1.08, start, width - right);
  const end = top + rows.length * rowHeight;
  const body = [
    ...ticks(0, most).map(
      (v) =>
        `<line class="g" x1="${round(x(v))}" x2="${round(x(v))}" y1="${top - 4}" y2="${end}"/><text class="s" x="${round(x(v))}" y="${end + 14}" text-anchor="middle">${v}</text>`,
    ),
    ...rows.flatMap((r, i) => {
      const y = top + i * rowHeight;
      return [
        `<text class="s" x="${start - 8}" y="${y + 15}" text-anchor="end">${escape(r.label)}</text>`,
        `<rect class="c0" x="${start}" y="${y + 1}" width="${round(x(r.own) - start)}" height="10"/><rect class="c1" x="${start}" y="${y + 12}" width="${round(x(r.whole) - start)}" height="10"/>`,
        `<text class="s" x="${round(x(r.whole)) + 5}" y="${y + 21}">${r.whole.toFixed(1)}</text>`,
      ];
    }),
    `<text x="${(start + width) / 2}" y="${end + 34}" text-anchor="middle">dB, longer is better</text>`,
    ...legend([
      [names[0], 'c0'],
      [names[1], 'c1'],
    ]),
  ];
  return frame(title, body, end + 44);
}
