import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom, silentLogger } from '@edge-blueprints/contracts';
import type { Frame } from '@edge-blueprints/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSceneFiles } from '../store/scene-files.js';
import { aFrame } from '../testing/fakes.js';
import { createShiftWatch } from './shift-watch.js';

const [width, height] = [320, 180];
const calibratedAt = '2026-11-22T00:00:00.000Z';
/** A short median and a small search keep this quick; production has its defaults. */
const quick = { window: 5, maxShiftPx: 24, persistence: 2 };
let folder: string;

/** Shelves and walls: rectangles of different greys, the same for a seed, as seen by a camera that was turned. */
function scene(offsetX: number, seed = 5): Uint8Array {
  const random = createRandom(seed);
  const pixels = new Uint8Array(width * height).fill(110);
  for (let i = 0; i < 60; i += 1) {
    const [x, y, w, h] = [
      random.integer(-80, width + 80) + offsetX,
      random.integer(0, height - 10),
      random.integer(10, 60),
      random.integer(8, 40),
    ];
    const level = random.integer(20, 230);
    for (let row = y; row < Math.min(height, y + h); row += 1)
      pixels.fill(level, row * width + Math.max(0, x), row * width + Math.max(0, Math.min(width, x + w)));
  }
  return pixels;
}
let second = 0;
const look = (pixels: Uint8Array): Frame =>
  aFrame({ width, height, pixels, capturedAtMs: (second += 1) * 1_000, source: 'aisles' });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shift-watch-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('shift watch', () => {
  it('announces a bumped camera, and is content again once it was calibrated anew', () => {
    const watch = createShiftWatch('aisles', calibratedAt, createSceneFiles(folder, silentLogger), quick);
    for (let i = 0; i < 5; i += 1) watch.see(look(scene(0)));
    expect(watch.moved()).toBe(false);
    for (let i = 0; i < 8; i += 1) watch.see(look(scene(16)));
    expect(watch.moved()).toBe(true);
    watch.accept('2026-11-23T00:00:00.000Z');
    for (let i = 0; i < 8; i += 1) watch.see(look(scene(16)));
    expect(watch.moved()).toBe(false);
  });

  it('keeps the announcement while the lights are out', () => {
    const watch = createShiftWatch('aisles', calibratedAt, createSceneFiles(folder, silentLogger), quick);
    for (let i = 0; i < 5; i += 1) watch.see(look(scene(0)));
    for (let i = 0; i < 8; i += 1) watch.see(look(scene(16)));
    for (let i = 0; i < 8; i += 1) watch.see(look(new Uint8Array(width * height).fill(3)));
    expect(watch.moved()).toBe(true);
  });

  it('finds a camera that was turned while the node was off, by 128 bytes of its calibration', () => {
    const files = createSceneFiles(folder, silentLogger);
    const before = createShiftWatch('aisles', calibratedAt, files, quick);
    for (let i = 0; i < 5; i += 1) before.see(look(scene(0)));
    expect(files.read('aisles', calibratedAt)).toHaveLength(128);

    const same = createShiftWatch('aisles', calibratedAt, files, quick);
    for (let i = 0; i < 5; i += 1) same.see(look(scene(0)));
    expect(same.moved()).toBe(false);
    const turned = createShiftWatch('aisles', calibratedAt, files, quick);
    for (let i = 0; i < 5; i += 1) turned.see(look(scene(0, 99)));
    expect(turned.moved()).toBe(true);
  });

  it('does not hold a new calibration against the scene of an old one, nor against a damaged file', () => {
    const files = createSceneFiles(folder, silentLogger);
    files.keep('aisles', calibratedAt, new Uint8Array(128));
    expect(files.read('aisles', '2026-11-23T00:00:00.000Z')).toBeUndefined();
    writeFileSync(join(folder, 'scene-aisles.json'), '{"format":');
    expect(files.read('aisles', calibratedAt)).toBeUndefined();
  });

  it('does not watch a camera without calibration', () => {
    const files = createSceneFiles(folder, silentLogger);
    const watch = createShiftWatch('aisles', undefined, files, quick);
    for (let i = 0; i < 5; i += 1) watch.see(look(scene(0)));
    for (let i = 0; i < 5; i += 1) watch.see(look(scene(30, 99)));
    expect(watch.moved()).toBe(false);
  });
});
