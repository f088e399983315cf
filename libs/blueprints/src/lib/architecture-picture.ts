import { zones, type Architecture } from './architecture.js';

type Part = Architecture['parts'][number];

const size = { width: 184, height: 62, gapX: 124, gapY: 44, head: 34, pad: 18, port: 15 } as const;
const zoneTitles = { device: 'on the device', site: 'on the site', outside: 'outside' } as const;
const tones = {
  sensor: { fill: '#e7f0fa', line: '#2f6ea5' },
  process: { fill: '#e6f4ea', line: '#2e7d4f' },
  store: { fill: '#f3eefb', line: '#6a4fa3' },
  machine: { fill: '#fdf1e0', line: '#a86a14' },
  system: { fill: '#eef0f2', line: '#56616c' },
  people: { fill: '#fbeaf0', line: '#a3416b' },
} as const;

type Flow = Architecture['flows'][number];

interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * The reference architecture as a self-contained SVG: columns from left to right, what stands in one column below each
 * other, each box marked with who keeps it. Colours are readable on white and in print; no fonts or scripts are loaded.
 */
export function drawArchitecture({ parts, flows }: Architecture, title: string): string {
  const columns = [...new Set(parts.map(({ column }) => column))].sort((a, b) => a - b);
  const tallest = Math.max(...columns.map((column) => parts.filter((part) => part.column === column).length));
  const width = 2 * size.pad + columns.length * size.width + (columns.length - 1) * size.gapX;
  const height = size.head + tallest * (size.height + size.gapY) + 2 * size.pad + 26;
  const places = new Map(parts.map((part) => [part.id, placeOf(part, parts, columns, tallest)]));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}" font-family="system-ui, sans-serif">`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 L8 4 L0 8 z" fill="#44505c"/></marker></defs>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${size.pad}" y="24" font-size="16" font-weight="600" fill="#1d252c">${escape(title)}</text>`,
    ...parts.map((part) => drawPart(part, places.get(part.id) ?? { x: 0, y: 0 })),
    ...flows.map((flow) => drawFlow(flow, flows, places)),
    drawLegend(height),
    '</svg>',
    '',
  ].join('\n');
}

function placeOf(part: Part, parts: readonly Part[], columns: readonly number[], tallest: number): Place {
  const beside = parts.filter(({ column }) => column === part.column);
  const row = beside.findIndex(({ id }) => id === part.id) + (tallest - beside.length) / 2;
  return {
    x: size.pad + columns.indexOf(part.column) * (size.width + size.gapX),
    y: size.head + size.pad + row * (size.height + size.gapY),
  };
}

function drawPart({ title, detail, kind, zone }: Part, { x, y }: Place): string {
  const { fill, line } = tones[kind];
  const dash = zone === 'outside' ? ' stroke-dasharray="5 3"' : '';
  const heavy = zone === 'device' ? 2.4 : 1.3;
  const middle = x + size.width / 2;
  return [
    `<rect x="${x}" y="${y}" width="${size.width}" height="${size.height}" rx="7" fill="${fill}" stroke="${line}" stroke-width="${heavy}"${dash}/>`,
    `<text x="${middle}" y="${y + (detail === undefined ? 37 : 28)}" font-size="14" font-weight="600" text-anchor="middle" fill="#1d252c">${escape(title)}</text>`,
    detail === undefined
      ? ''
      : `<text x="${middle}" y="${y + 46}" font-size="10.5" text-anchor="middle" fill="#44505c">${escape(detail)}</text>`,
  ].join('');
}

function drawFlow(flow: Flow, flows: readonly Flow[], places: ReadonlyMap<string, Place>): string {
  const { from, to, what, both } = flow;
  const a = port(flow, from, to, flows, places);
  const b = port(flow, to, from, flows, places);
  const upright = a.x === b.x;
  const bend = (a.x + b.x) / 2;
  const path = upright ? `M${a.x} ${a.y} V${b.y}` : `M${a.x} ${a.y} C${bend} ${a.y} ${bend} ${b.y} ${b.x} ${b.y}`;
  const tail = both ? ' marker-start="url(#tip)"' : '';
  const words = lines(what);
  const middle = (a.y + b.y) / 2;
  const label = {
    x: upright ? a.x + 8 : bend,
    y: middle + (upright ? 10 : words.length === 1 || Math.abs(a.y - b.y) < 20 ? -6 : 1),
  };
  return [
    `<path d="${path}" fill="none" stroke="#44505c" stroke-width="1.3" marker-end="url(#tip)"${tail}/>`,
    ...words.map(
      (line, i) =>
        `<text x="${label.x}" y="${label.y + (i - words.length + 1) * 12}" font-size="10.5" text-anchor="${upright ? 'start' : 'middle'}" fill="#1d252c" stroke="#ffffff" stroke-width="3.5" paint-order="stroke">${escape(line)}</text>`,
    ),
  ].join('');
}

/** Where a flow touches a box: the side that faces the other end, apart from the other flows of that side. */
function port(
  flow: Flow,
  own: string,
  other: string,
  flows: readonly Flow[],
  places: ReadonlyMap<string, Place>,
): Place {
  const at = (id: string): Place => places.get(id) ?? { x: 0, y: 0 };
  const [a, b] = [at(own), at(other)];
  if (a.x === b.x) return { x: a.x + size.width / 2, y: a.y < b.y ? a.y + size.height : a.y };
  const side = Math.sign(b.x - a.x);
  const beside = flows
    .map((each) => ({ each, end: each.from === own ? each.to : each.to === own ? each.from : undefined }))
    .filter(({ end }) => end !== undefined && Math.sign(at(end).x - a.x) === side)
    .sort((left, right) => at(left.end ?? own).y - at(right.end ?? own).y);
  const index = beside.findIndex(({ each }) => each === flow);
  const shift = (index - (beside.length - 1) / 2) * Math.min(size.port, (size.height - 14) / beside.length);
  return { x: side > 0 ? a.x + size.width : a.x, y: a.y + size.height / 2 + shift };
}

/** Two lines where one would reach into the boxes. */
function lines(text: string): readonly string[] {
  if (text.length <= 18) return [text];
  const middle = text.length / 2;
  const breaks = [...text.matchAll(/ /g)].map(({ index }) => index);
  const [cut] = breaks.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  return cut === undefined ? [text] : [text.slice(0, cut), text.slice(cut + 1)];
}

function drawLegend(height: number): string {
  const looks = { device: '2.4', site: '1.3', outside: '1.3" stroke-dasharray="5 3' } as const;
  return zones
    .map((zone, i) => {
      const x = size.pad + i * 130;
      return `<rect x="${x}" y="${height - 26}" width="26" height="13" rx="3" fill="#ffffff" stroke="#44505c" stroke-width="${looks[zone]}"/><text x="${x + 33}" y="${height - 15}" font-size="11" fill="#44505c">${zoneTitles[zone]}</text>`;
    })
    .join('');
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
