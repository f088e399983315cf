import { expect, it } from 'vitest';
import { scoreNews2 } from './news2/score-news2.js';
import { parseNews2Arguments } from './news2-arguments.js';
import { reportScore } from './news2-report.js';

it('reports the interval with reasons and the response of what is certain', () => {
  const { inputs } = parseNews2Arguments('--rr 25 --spo2 94 --scale 2 --sbp 120 --pulse 70 --temp 37.0'.split(' '));
  const text = reportScore(scoreNews2(inputs));
  expect(text).toContain('NEWS2 3 to 9 (incomplete), band low-medium\ncannot exclude: high\n');
  expect(text).toContain(
    '  respiration rate 25: 3, red\n  SpO2 (scale 2) 94: 0 to 1\n  air or oxygen not known: not-measured: 0 to 2\n',
  );
  expect(text).toContain('at least every hour');
});

it('names every wrong argument at once, and refuses whom the chart does not fit', () => {
  const wrong = () =>
    parseNews2Arguments(['--rr', '1e3', '--o2', 'nitrogen', '--acvpu', 'X', '--scale', '3', '--age', 'old']);
  expect(wrong).toThrow(/--rr 1e3.*\n--o2 nitrogen.*|--scale 3/);
  for (const part of ['--rr 1e3', '--o2 nitrogen', '--acvpu X', '--scale 3', '--age old']) expect(wrong).toThrow(part);
  expect(() => parseNews2Arguments(['--age', '15'])).toThrow(expect.objectContaining({ code: 'news2.age' }));
  expect(() => parseNews2Arguments(['--wrong'])).toThrow(expect.objectContaining({ code: 'news2.arguments' }));
});
