import { expect, it } from 'vitest';
import { createMeasuredCrossings } from './measured-crossings.js';

it('tells the first sample beyond a limit once, and again only after 15 seconds within; a sample without quality is none', () => {
  const take = createMeasuredCrossings({ bed: 'bed/07', scale: 1 });
  const fine = { v: 97, q: 90, status: [] };
  const said = (atS: number, pulse: number | null, q = 90): string[] =>
    take({ atMs: atS * 1_000, pulse: { v: pulse, q, status: [] }, spo2: fine, respiration: { ...fine, v: 16 } }).map(
      ({ condition, value }) => `${atS} ${condition} ${value}`,
    );
  const pulses: readonly (readonly [number, number | null, number?])[] = [
    ...([[0, 130], [1, 131, 14], [2, null], [3, 131], [4, 140], [5, 90], [18, 150], [30, 90], [34, 132]] as const), // prettier-ignore
  ];
  expect(pulses.flatMap(([atS, pulse, q]) => said(atS, pulse, q))).toEqual(['3 pulse-high 131', '34 pulse-high 132']);
});
