import { describe, expect, it } from 'vitest';
import { parseDeepPcbLabels } from './deep-pcb-labels.js';

describe('parseDeepPcbLabels', () => {
  it('reads boxes and types, type 1 is open', () => {
    expect(parseDeepPcbLabels('466 441 493 470 3\n454,300,493,396,1\r\n\n', 'a.txt')).toEqual([
      { classIndex: 2, label: 'mousebite', box: { xMin: 466, yMin: 441, xMax: 493, yMax: 470 } },
      { classIndex: 0, label: 'open', box: { xMin: 454, yMin: 300, xMax: 493, yMax: 396 } },
    ]);
  });

  it('names the file and every bad line', () => {
    expect(() => parseDeepPcbLabels('1 2 3 4 7\n1 2 3 4 1\nx 2 3 4 1\n5 5 5 9 1\n1 2 3 4', 'b.txt')).toThrow(
      /b\.txt[\s\S]*line 1: type 7[\s\S]*line 3: expected[\s\S]*line 4: box 5 5 5 9 has no area[\s\S]*line 5/,
    );
  });
});
