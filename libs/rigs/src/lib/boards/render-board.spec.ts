import { createRandom } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import type { BoardDesign } from './board-design.js';
import { createBoardDesign } from './board-design.js';
import type { DefectLabel } from './board-geometry.js';
import { boardSide, defectLabels } from './board-geometry.js';
import type { RenderedBoard } from './render-board.js';
import { renderBoard } from './render-board.js';

// 25 and 26 have narrow places, where a first attempt at a short or a mousebite often does not hold.
const designs = [14, 25, 26].map(createBoardDesign);
const crumb = 8;

const side = boardSide;

/** Flood fill written for the test alone: joins over corners for copper, not for bare board. */
function partsOf(pixels: Uint8Array, level: 0 | 255): { part: Int32Array; size: number[] } {
  const part = new Int32Array(pixels.length);
  const queue = new Int32Array(pixels.length);
  const size = [0];
  for (let start = 0; start < pixels.length; start += 1) {
    if (pixels[start] !== level || part[start] !== 0) continue;
    const label = size.length;
    let filled = 1;
    queue[0] = start;
    part[start] = label;
    for (let head = 0; head < filled; head += 1) {
      const at = queue[head] ?? 0;
      const x = at % side;
      for (let dy = -1; dy <= 1; dy += 1) {
        for (let dx = -1; dx <= 1; dx += 1) {
          if (level === 255 && dx !== 0 && dy !== 0) continue;
          const next = at + dy * side + dx;
          if (x + dx < 0 || x + dx >= side || next < 0 || next >= pixels.length) continue;
          if (pixels[next] !== level || part[next] !== 0) continue;
          part[next] = label;
          queue[filled] = next;
          filled += 1;
        }
      }
    }
    size.push(filled);
  }
  return { part, size };
}

/** How the nets of the template lie in the board: nets in several pieces, pieces of several nets, pieces of none. */
function compareNets(design: BoardDesign, board: RenderedBoard) {
  const nets = partsOf(design.template, 0);
  const pieces = partsOf(board.pixels, 0);
  const shared = new Map<number, number>();
  for (let i = 0; i < board.pixels.length; i += 1) {
    const net = nets.part[i] ?? 0;
    const piece = pieces.part[i] ?? 0;
    const pair = net * pieces.size.length + piece;
    if (net !== 0 && piece !== 0) shared.set(pair, (shared.get(pair) ?? 0) + 1);
  }
  const piecesOf = new Map<number, number>();
  const netsOf = new Map<number, number>();
  for (const [pair, count] of shared) {
    const piece = pair % pieces.size.length;
    const net = (pair - piece) / pieces.size.length;
    if (count < crumb || (pieces.size[piece] ?? 0) < crumb) continue;
    piecesOf.set(net, (piecesOf.get(net) ?? 0) + 1);
    netsOf.set(piece, (netsOf.get(piece) ?? 0) + 1);
  }
  const islands = pieces.size.filter((size, piece) => piece > 0 && size >= crumb && !netsOf.has(piece)).length;
  return {
    parted: [...piecesOf.values()].filter((count) => count > 1).length,
    joined: [...netsOf.values()].filter((count) => count > 1).length,
    islands,
  };
}

/** `good` is the same scan of the same board without its defect. */
interface Specimen {
  readonly design: BoardDesign;
  readonly board: RenderedBoard;
  readonly good: RenderedBoard;
}

function boardsWith(label: DefectLabel, perDesign: number): Specimen[] {
  return designs.flatMap((design) =>
    Array.from({ length: perDesign }, (_, index) => ({
      design,
      board: renderBoard(design, { seed: 500 + index, defects: [label] }),
      good: renderBoard(design, { seed: 500 + index, defects: [] }),
    })).filter(({ board }) => board.truth.length === 1),
  );
}

const intact = { parted: 0, joined: 0, islands: 0 };
const expected: Record<DefectLabel, ReturnType<typeof compareNets>> = {
  open: { ...intact, parted: 1 },
  short: { ...intact, joined: 1 },
  mousebite: intact,
  spur: intact,
  copper: { ...intact, islands: 1 },
  'pin-hole': intact,
};

describe('renderBoard', () => {
  it('leaves every net of a good board as the template has it', () => {
    for (const design of designs) {
      for (let seed = 0; seed < 2; seed += 1) {
        expect(compareNets(design, renderBoard(design, { seed }))).toEqual(intact);
      }
    }
  });

  it.each(defectLabels)('plants a %s that does to the nets what its class says', (label) => {
    const boards = boardsWith(label, label === 'short' || label === 'mousebite' ? 12 : 3);
    expect(boards.length).toBeGreaterThan(4);
    for (const { design, board } of boards) {
      expect({ seed: design.seed, ...compareNets(design, board) }).toEqual({ seed: design.seed, ...expected[label] });
    }
  });

  it('opens a pin-hole that copper surrounds and a mousebite that it does not', () => {
    const bareParts = (pixels: Uint8Array): number => partsOf(pixels, 255).size.filter((size) => size >= crumb).length;
    for (const label of ['pin-hole', 'mousebite'] as const) {
      for (const { good, board } of boardsWith(label, 2)) {
        const more = bareParts(board.pixels) - bareParts(good.pixels);
        if (label === 'pin-hole') expect(more).toBeGreaterThanOrEqual(1);
        else expect(more).toBe(0);
      }
    }
  });

  it('changes only pixels 9 to 11 px inside its box, towards board for open, mousebite and pin-hole, else towards copper', () => {
    for (const label of defectLabels) {
      for (const { good, board } of boardsWith(label, 3)) {
        const box = board.truth[0]?.box ?? { xMin: 0, yMin: 0, xMax: 0, yMax: 0 };
        const towards = label === 'open' || label === 'mousebite' || label === 'pin-hole' ? 255 : 0;
        const extent = { xMin: boardSide, yMin: boardSide, xMax: 0, yMax: 0 };
        let changed = 0;
        let wrongWay = 0;
        board.pixels.forEach((level, i) => {
          if (level === good.pixels[i]) return;
          const x = i % side;
          const y = Math.floor(i / side);
          changed += 1;
          if (level !== towards) wrongWay += 1;
          extent.xMin = Math.min(extent.xMin, x);
          extent.yMin = Math.min(extent.yMin, y);
          extent.xMax = Math.max(extent.xMax, x + 1);
          extent.yMax = Math.max(extent.yMax, y + 1);
        });
        expect(wrongWay).toBe(0);
        expect(changed).toBeGreaterThanOrEqual(14);
        for (const slack of [
          extent.xMin - box.xMin,
          extent.yMin - box.yMin,
          box.xMax - extent.xMax,
          box.yMax - extent.yMax,
        ]) {
          expect(slack).toBeLessThanOrEqual(11);
        }
      }
    }
  });

  it('repeats itself exactly for the same seeds and differs for others', () => {
    const options = { seed: 9, defects: ['open', 'spur', 'copper'], misregistration: 3, noise: 4 } as const;
    const again = createBoardDesign(14);
    const [first] = designs;
    if (!first) throw new Error('no design');
    expect(Buffer.compare(again.template, first.template)).toBe(0);
    const board = renderBoard(first, options);
    const repeated = renderBoard(again, options);
    expect(Buffer.compare(repeated.pixels, board.pixels)).toBe(0);
    expect(repeated.truth).toEqual(board.truth);
    expect(Buffer.compare(renderBoard(first, { ...options, seed: 10 }).pixels, board.pixels)).not.toBe(0);
    expect(Buffer.compare(createBoardDesign(12).template, first.template)).not.toBe(0);
  });

  it('meets the stated share of bad boards', () => {
    const [design] = designs;
    if (!design) throw new Error('no design');
    const bad = Array.from({ length: 120 }, (_, seed) => renderBoard(design, { seed, defectRate: 0.3 })).filter(
      (board) => board.truth.length > 0,
    ).length;
    // Three standard deviations of a binomial around 36.
    expect(bad).toBeGreaterThan(20);
    expect(bad).toBeLessThan(52);
  });

  it('displaces the picture and the boxes together', () => {
    const [design] = designs;
    if (!design) throw new Error('no design');
    const random = createRandom(4);
    for (let trial = 0; trial < 5; trial += 1) {
      const { pixels, truth } = renderBoard(design, {
        seed: random.integer(0, 1e6),
        defects: ['copper'],
        misregistration: 3,
      });
      const box = truth[0]?.box;
      if (!box) continue;
      let dark = 0;
      for (let y = box.yMin + 8; y < box.yMax - 8; y += 1) {
        for (let x = box.xMin + 8; x < box.xMax - 8; x += 1) dark += pixels[y * side + x] === 0 ? 1 : 0;
      }
      expect(dark).toBeGreaterThan(8);
    }
  });
});
