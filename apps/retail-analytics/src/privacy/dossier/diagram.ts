import { escape } from './blocks.js';

interface Part {
  readonly title: string;
  readonly lines: readonly string[];
}

const boxWidth = 150;
const gap = 26;

/** The way of the data, from left to right inside the memory of one process, and the four ways out below. */
export function dataFlowDiagram(cameras: number, hub: boolean): string {
  const inside: readonly Part[] = [
    {
      title: 'Pictures',
      lines: [`${cameras} camera${cameras === 1 ? '' : 's'}`, 'one frame each,', 'then overwritten'],
    },
    { title: 'People', lines: ['boxes and body points', 'of one frame'] },
    { title: 'Tracks', lines: ['random number,', 'gone with the track'] },
    { title: 'Floor', lines: ['place in metres,', 'no history kept'] },
    { title: 'Measures', lines: ['what a track added', 'to open windows'] },
  ];
  const out: readonly (Part & { readonly fill: string; readonly x: number; readonly from: number })[] = [
    {
      title: 'Live page',
      lines: ['counts from a minimum,', 'no noise, no history,', 'inside the store'],
      fill: '#fff4d6',
      x: 500,
      from: 4,
    },
    {
      title: 'Bounds and noise',
      lines: ['budget reserved first,', 'exact discrete Laplace'],
      fill: '#dff1e3',
      x: 720,
      from: 4,
    },
  ];
  const after: readonly Part[] = [
    { title: 'Ledger', lines: ['released numbers', 'on this disk'] },
    { title: 'Export', lines: ['CSV, Parquet'] },
    ...(hub ? [{ title: 'Hub', lines: ['released numbers,', 'state of equipment'] }] : []),
  ];
  const box = (x: number, y: number, part: Part, fill: string): string =>
    `<rect x="${x}" y="${y}" width="${boxWidth}" height="84" rx="6" fill="${fill}" stroke="#1c2430"/>` +
    `<text x="${x + boxWidth / 2}" y="${y + 22}" text-anchor="middle" font-weight="700">${escape(part.title)}</text>` +
    part.lines
      .map(
        (line, i) =>
          `<text x="${x + boxWidth / 2}" y="${y + 41 + i * 16}" text-anchor="middle" font-size="11">${escape(line)}</text>`,
      )
      .join('');
  const arrow = (x1: number, y1: number, x2: number, y2: number): string =>
    `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#1c2430" stroke-width="1.5" marker-end="url(#tip)"/>`;
  const at = (i: number): number => 24 + i * (boxWidth + gap);
  const chain = inside.map(
    (part, i) => box(at(i), 56, part, '#e6edf7') + (i > 0 ? arrow(at(i) - gap + 2, 98, at(i) - 3, 98) : ''),
  );
  const middle = out.map(
    (part) => box(part.x, 210, part, part.fill) + arrow(at(part.from) + boxWidth / 2, 142, part.x + boxWidth / 2, 207),
  );
  const first = after.length === 3 ? 544 : 632;
  const last = after.map((part, i) => {
    const x = first + i * (boxWidth + gap);
    return box(x, 352, part, '#dff1e3') + arrow(795, 296, x + boxWidth / 2, 349);
  });
  return `<svg viewBox="0 0 1076 450" role="img" aria-label="Data flow from cameras to released numbers" xmlns="http://www.w3.org/2000/svg" font-family="system-ui,sans-serif" font-size="14" fill="#1c2430">
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="#1c2430"/></marker></defs>
<rect x="8" y="14" width="892" height="142" rx="8" fill="none" stroke="#8a1c1c" stroke-dasharray="7 5" stroke-width="2"/>
<text x="20" y="38" fill="#8a1c1c" font-weight="700">Memory of one process. Nothing in this frame is written, logged or sent.</text>
${chain.join('\n')}
${middle.join('\n')}
${last.join('\n')}
<text x="24" y="240" font-size="13">Yellow: seen inside the store only,</text><text x="24" y="258" font-size="13">without noise, never small numbers.</text>
<text x="24" y="286" font-size="13">Green: differentially private; may be kept,</text><text x="24" y="304" font-size="13">shown elsewhere and combined with anything.</text>
</svg>`;
}
