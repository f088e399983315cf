import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom, silentLogger, systemClock, type Detection } from '@edge-blueprints/contracts';
import { encodePng } from '@edge-blueprints/cameras';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawPeople } from './draw-people.js';
import { footage } from './footage.js';
import { readLabelled } from './labelled-people.js';
import { parsePeopleOptions } from './options.js';
import { scorePeople } from './people-score.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edge-people-'));
  const sequence = join(folder, 'MOT17-99-FRCNN');
  await mkdir(join(sequence, 'img1'), { recursive: true });
  await mkdir(join(sequence, 'gt'));
  const picture = { width: 40, height: 30, format: 'rgb24' as const, pixels: new Uint8Array(3600).fill(90) };
  const { bytes } = await encodePng(picture);
  for (const name of ['000001.png', '000003.png']) await writeFile(join(sequence, 'img1', name), bytes);
  await writeFile(
    join(sequence, 'gt/gt.txt'),
    [
      '1,1,2,2,10,20,1,1,1', // asked for
      '1,2,15,2,10,20,1,1,0.29', // hidden
      '1,3,20,2,10,20,0,1,1', // flag 0
      '1,4,25,2,10,20,1,7,1', // sits in a vehicle
      '2,1,2,2,10,20,1,1,1', // a frame without picture
      '3,1,4,2,10,20,1,1,0.3', // just visible
    ].join('\n'),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const found = (xMin: number, score: number): Detection => ({
  ...{ label: 'person', classIndex: 5, score },
  box: { xMin, yMin: 2, xMax: xMin + 10, yMax: 22 },
});

describe('scoring people on MOT17', () => {
  it('asks for visible pedestrians of the pictures that are there and ignores everything else', async () => {
    const frames = (await readLabelled(folder)) ?? [];
    expect(frames.map(({ name, people, ignored }) => [name, people.length, ignored.length])).toEqual([
      ['MOT17-99-FRCNN/000001', 1, 3],
      ['MOT17-99-FRCNN/000003', 1, 0],
    ]);
  });

  it('takes detections on ignored people for neither right nor wrong', async () => {
    const [first, second] = (await readLabelled(folder)) ?? [];
    if (first === undefined || second === undefined) throw new Error('two pictures');
    const score = scorePeople([
      { frame: first, detections: [found(15, 0.99), found(2, 0.9), found(20, 0.8)] },
      { frame: second, detections: [found(30, 0.7), found(4, 0.5)] },
    ]);
    // In order of scores: right, wrong, right.
    expect(score).toMatchObject({ frames: 2, people: 2, ap: 0.5 * 1 + 0.5 * (2 / 3) });
  });
});

describe('a data set of labelled people', () => {
  const line = (image: string, people: readonly object[]) => JSON.stringify({ image, width: 40, height: 30, people });
  const person = (ignore: boolean) => ({ box: [1, 2, 11, 22], visible: 1, keypoints: [], kind: 'adult', ignore });

  it('is read line by line, people to be ignored apart', async () => {
    const set = await mkdtemp(join(folder, 'set-'));
    await writeFile(join(set, 'labels.jsonl'), `${line('images/000000.png', [person(false), person(true)])}\n`);
    const box = { xMin: 1, yMin: 2, xMax: 11, yMax: 22 };
    expect(await readLabelled(set)).toEqual([
      { name: 'data set/images/000000.png', file: join(set, 'images/000000.png'), people: [box], ignored: [box] },
    ]);
    expect(await readLabelled(join(set, 'film.mp4'))).toBeUndefined();
  });

  it('names the line that cannot be read', async () => {
    const set = await mkdtemp(join(folder, 'bad-'));
    await writeFile(join(set, 'labels.jsonl'), `${line('a.png', [])}\n{"image":"b.png"\n`);
    await expect(readLabelled(set)).rejects.toThrow(/labels\.jsonl, line 2/);
  });
});

describe('looking at footage', () => {
  it('goes through a folder of pictures, every so manieth, no more than asked', async () => {
    const surroundings = { clock: systemClock, random: createRandom(1), logger: silentLogger };
    const options = { path: join(folder, 'MOT17-99-FRCNN/img1'), width: 40, height: 30, surroundings };
    const names = async (every: number, limit: number) => {
      const seen: string[] = [];
      for await (const { name } of footage({ ...options, every, limit })) seen.push(name);
      return seen;
    };
    expect(await names(1, 8)).toEqual(['000001', '000003']);
    expect(await names(2, 8)).toEqual(['000001']);
    expect(await names(1, 1)).toEqual(['000001']);
    await expect(footage({ ...options, path: join(folder, 'none'), every: 1, limit: 1 }).next()).rejects.toThrow(
      /none is not there/,
    );
  });

  it('draws the bones whose ends are sure, in a copy', () => {
    const picture = { width: 40, height: 30, format: 'rgb24' as const, pixels: new Uint8Array(3600) };
    const keypoints = [
      { x: 10, y: 5, score: 0.9 },
      { x: 20, y: 5, score: 0.9 },
      { x: 10, y: 25, score: 0.1 },
    ];
    const names = ['left_shoulder', 'right_shoulder', 'left_hip'];
    const drawn = drawPeople(picture, [{ ...found(2, 0.9), keypoints }], names);
    const at = (x: number, y: number) => [...drawn.pixels.subarray((y * 40 + x) * 3, (y * 40 + x) * 3 + 3)];
    expect(at(15, 5)).toEqual([90, 255, 90]);
    expect(at(10, 15)).toEqual([0, 0, 0]);
    expect(at(2, 10)).toEqual([255, 170, 0]);
    expect(picture.pixels.every((level) => level === 0)).toBe(true);
  });
});

it('names every wrong argument at once', () => {
  expect(() => parsePeopleOptions(['--every', '0', '--size', 'big'], 'keys')).toThrow(
    /--size .*\n--bundle .*\n--data .*\n--every/,
  );
});
