import { createRandom } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { toFrameBox } from './box-mapping.js';
import { createTestAndTemplatePacker, packTestAndTemplate, type Picture } from './test-and-template.js';

function gray(width: number, height: number, value: (x: number, y: number) => number): Picture {
  return {
    width,
    height,
    format: 'gray8',
    pixels: Uint8Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width))),
  };
}

describe('packTestAndTemplate', () => {
  it('copies grey pictures of the right size, board first, template second', () => {
    const out = new Uint8Array(12);
    packTestAndTemplate(
      gray(3, 2, (x, y) => y * 3 + x),
      gray(3, 2, () => 9),
      out,
    );
    expect([...out]).toEqual([0, 1, 2, 3, 4, 5, 9, 9, 9, 9, 9, 9]);
  });

  it('turns colour into BT.601 luma', () => {
    const pixels = Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]);
    const out = new Uint8Array(8);
    packTestAndTemplate(
      { width: 2, height: 2, format: 'rgb24', pixels },
      gray(2, 2, () => 0),
      out,
    );
    expect([...out.subarray(0, 4)]).toEqual([77, 149, 29, 255]);
  });

  it('stretches a picture of another size and maps boxes back', () => {
    const out = new Uint8Array(2 * 4 * 4);
    const mapping = packTestAndTemplate(
      gray(8, 4, (x) => x * 10),
      gray(4, 4, () => 1),
      out,
      { width: 4, height: 4 },
    );
    // Halving takes the mean of each pair of columns.
    expect([...out.subarray(0, 4)]).toEqual([5, 25, 45, 65]);
    expect(toFrameBox({ xMin: 1, yMin: 1, xMax: 2, yMax: 9 }, mapping)).toEqual({ xMin: 2, yMin: 1, xMax: 4, yMax: 4 });
  });

  it('gives the same for colour of equal channels as for grey, also resized', () => {
    const random = createRandom(3);
    const board = gray(13, 7, () => random.integer(0, 255));
    const colour: Picture = {
      ...board,
      format: 'rgb24',
      pixels: Uint8Array.from([...board.pixels].flatMap((v) => [v, v, v])),
    };
    const packer = createTestAndTemplatePacker({ width: 8, height: 8 });
    const one = new Uint8Array(128);
    const two = new Uint8Array(128);
    packer(board, board, one);
    packer(colour, colour, two);
    expect(two).toEqual(one);
    expect(one.subarray(0, 64)).toEqual(one.subarray(64));
  });

  it('refuses pictures and buffers that do not fit, with the sizes', () => {
    const short: Picture = { width: 4, height: 4, format: 'gray8', pixels: new Uint8Array(15) };
    const good = gray(4, 4, () => 0);
    expect(() => packTestAndTemplate(good, short, new Uint8Array(32))).toThrow(
      'The template picture is 4x4 gray8 and needs 16 bytes, got 15.',
    );
    expect(() => packTestAndTemplate(good, good, new Uint8Array(31))).toThrow('2 x 4 x 4 = 32 bytes, got 31');
  });
});
