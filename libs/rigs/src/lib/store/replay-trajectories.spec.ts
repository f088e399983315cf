import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { createReplay } from './replay-store.js';
import { parseTrajectories, trajectoryAt } from './replay-trajectories.js';

const shared = process.env['EDGE_DATA'] ?? join(import.meta.dirname, '../../../../../../shared/data');
const recording = join(shared, 'eth-ucy', 'crowds_zara01.txt');

/** Two people, 0.4 s a row: one walks straight across at 1.25 m/s, one comes in the middle and turns back. */
const rows = Array.from({ length: 21 }, (_, k) => [
  `${700 + 10 * k}\t1.0\t${(0.5 * k).toFixed(3)}\t2.0`,
  `${700 + 10 * k}\t2\t${(k < 10 ? 0.4 * k : 0.4 * (20 - k)).toFixed(3)}\t6.5`,
]);
const text = rows.flat().join('\n');

describe('a recording of trajectories', () => {
  it('is read in any order of rows, with the first frame as second 0', () => {
    const ways = parseTrajectories(rows.flat().reverse().join('\r\n'), 'file.txt');
    expect(ways.map(({ person }) => person).sort()).toEqual([1, 2]);
    expect(ways.find(({ person }) => person === 1)?.points.at(2)).toEqual({ atS: 0.8, xM: 1, yM: 2 });
  });

  it('is walked smoothly through its points, and nobody is there before, after or in a gap', () => {
    const [way] = parseTrajectories(text, 'file.txt');
    if (way === undefined) throw new Error('no way');
    for (const { atS, xM } of way.points.slice(0, -1)) expect(trajectoryAt(way, atS)?.xM).toBeCloseTo(xM, 6);
    expect(trajectoryAt(way, 3.1)).toMatchObject({ xM: expect.closeTo(3.875, 3), vxMps: expect.closeTo(1.25, 3) });
    expect(trajectoryAt(way, -0.1)).toBeUndefined();
    expect(trajectoryAt(way, 8.2)).toBeUndefined();
    const gap = { person: 3, points: [way.points[0], way.points[10]].filter((point) => point !== undefined) };
    expect(trajectoryAt(gap, 2)).toBeUndefined();
  });

  it('that is none is refused with the file, the rows and what to give', () => {
    const wrong = ['1 2 3', '10 1 x 4', '10 1 2 3 4', ''].join('\n');
    expect(() => parseTrajectories(wrong, 'people.csv')).toThrow(ConfigError);
    expect(() => parseTrajectories(wrong, 'people.csv')).toThrow(/people\.csv[\s\S]*row 1 [\s\S]*row 2 [\s\S]*row 3 /);
    expect(() => parseTrajectories('', 'empty.txt')).toThrow(/empty\.txt[\s\S]*no rows/);
    expect(() => parseTrajectories('0 1 12 40\n10 1 900 45', 'pixels.txt')).toThrow(/no metres/);
  });

  it('becomes a store with a floor that fits, whose truth follows the people', () => {
    const replay = createReplay({ text, file: 'file.txt', seed: 7 });
    expect(replay.plan).toMatchObject({ widthM: 12, depthM: 7 });
    replay.step(4);
    expect(replay.figures()).toHaveLength(2);
    expect(replay.figures()[0]).toMatchObject({ xM: expect.closeTo(6, 1), headingRad: expect.closeTo(0, 3) });
    replay.step(6);
    expect(replay.figures()).toHaveLength(0);
    const { crossings, visits, startedInside, vanishedInside } = replay.truth();
    // The floor's middle is at 6 m, 5 m in the recording: only the first gets there.
    expect(crossings).toMatchObject([{ line: 'middle', direction: 'in', person: 1, atS: expect.closeTo(4, 0) }]);
    expect(visits.filter(({ zone }) => zone === 'left').map(({ person }) => person)).toEqual([1, 2]);
    expect([startedInside, vanishedInside]).toEqual([2, 2]);
    expect(() => replay.setFault('crowd', true)).toThrow(/recorded/);
  });

  it.skipIf(!existsSync(recording))('of ETH or UCY is replayed whole', () => {
    const replay = createReplay({ text: readFileSync(recording, 'utf8'), file: recording, seed: 7 });
    let most = 0;
    for (let at = 0; at < 120; at += 1) {
      replay.step(1);
      most = Math.max(most, replay.figures().length);
    }
    expect(most).toBeGreaterThan(3);
    for (const { xM, yM } of replay.figures()) {
      expect(xM > 0 && xM < replay.plan.widthM).toBe(true);
      expect(yM > 0 && yM < replay.plan.depthM).toBe(true);
    }
  });
});
