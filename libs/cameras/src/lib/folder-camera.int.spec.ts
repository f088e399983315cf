import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom, silentLogger, systemClock, type Frame, type FrameSource } from '@edge-blueprints/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFolderCamera, folderCameraSchema } from './folder-camera.js';
import { encodePng } from './image-codec.js';
import { listPictures } from './picture-folder.js';
import { createTemplateStore } from './template-store.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pictures-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function png(name: string, value: number, width = 4, height = 3): Promise<void> {
  const picture = { width, height, format: 'gray8' as const, pixels: new Uint8Array(width * height).fill(value) };
  await writeFile(join(folder, name), (await encodePng(picture)).bytes);
}

function camera(more: object = {}): FrameSource {
  return createFolderCamera(folderCameraSchema.parse({ kind: 'folder', folder, ...more }), {
    clock: systemClock,
    random: createRandom(1),
    logger: silentLogger,
  });
}

async function take(source: FrameSource, count = Infinity): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of source.frames(AbortSignal.timeout(10_000))) {
    frames.push(frame);
    if (frames.length === count) break;
  }
  return frames;
}

describe('folder camera', () => {
  it('plays every picture once, in order, however slow the consumer is', async () => {
    await Promise.all([3, 1, 2].map((n) => png(`p${n}.png`, n)));
    const source = camera({ productId: 'plate' });
    const frames = await take(source);
    expect(frames.map((f) => [f.name, f.sequence, f.pixels[0]])).toEqual([
      ['p1', 0, 1],
      ['p2', 1, 2],
      ['p3', 2, 3],
    ]);
    expect(frames[0]?.trigger).toMatchObject({ productId: 'plate', partId: 'p1', triggerCount: 0 });
    expect(source.stats()).toMatchObject({ captured: 3, delivered: 3, superseded: 0 });
  });

  it('takes the tests of pairs as pictures, each its own product', async () => {
    await Promise.all([png('00041200_test.png', 1), png('00041200_temp.png', 2)]);
    const [frame, ...rest] = await take(camera());
    expect(rest).toEqual([]);
    expect(frame?.trigger).toMatchObject({ productId: '00041200', partId: '00041200' });
  });

  it('counts unreadable and wrong-size pictures and goes on', async () => {
    await Promise.all([
      png('a.png', 1),
      png('c.png', 3, 5),
      png('d.png', 4),
      writeFile(join(folder, 'b.png'), 'no png'),
    ]);
    const source = camera({ width: 4, height: 3 });
    expect((await take(source)).map((f) => [f.name, f.sequence])).toEqual([
      ['a', 0],
      ['d', 3],
    ]);
    expect(source.stats()).toMatchObject({ captured: 4, delivered: 2, corrupt: 2 });
  });

  it('starts again when it loops', async () => {
    await Promise.all([png('a.png', 1), png('b.png', 2)]);
    expect((await take(camera({ loop: true }), 5)).map((f) => `${f.sequence}${f.name}`)).toEqual([
      '0a',
      '1b',
      '2a',
      '3b',
      '4a',
    ]);
  });

  it('keeps its rate and lets the newest win', async () => {
    await Promise.all([png('a.png', 1), png('b.png', 2), png('c.png', 3)]);
    const source = camera({ loop: true, rateHz: 500 });
    const frames = source.frames(AbortSignal.timeout(10_000))[Symbol.asyncIterator]();
    await frames.next();
    while (source.stats().superseded < 3) await new Promise((resolve) => setImmediate(resolve));
    await frames.return?.();
    const { captured, delivered, superseded, corrupt } = source.stats();
    expect(delivered + superseded + corrupt).toBe(captured);
  });

  it('refuses a missing folder, an empty one, tests without templates, and a folder of rubbish', async () => {
    await expect(take(camera({ folder: join(folder, 'none') }))).rejects.toMatchObject({
      code: 'camera.folder-missing',
    });
    await expect(take(camera())).rejects.toMatchObject({ code: 'camera.folder-empty' });
    await writeFile(join(folder, 'x.png'), 'rubbish');
    await expect(take(camera({ loop: true }))).rejects.toMatchObject({ code: 'camera.folder-unreadable' });
    await png('y_test.png', 1);
    await expect(take(camera())).rejects.toThrow(/no _temp file.*: y\./);
  });
});

describe('listPictures', () => {
  it('looks into images when the folder itself has no pictures', async () => {
    await mkdir(join(folder, 'images'));
    await png('images/7_test.png', 1);
    await png('images/7_temp.png', 1);
    expect(await listPictures(folder)).toEqual([
      { name: '7', file: join(folder, 'images/7_test.png'), template: join(folder, 'images/7_temp.png') },
    ]);
  });
});

describe('template store', () => {
  it('decodes a template once, also for two callers at the same time', async () => {
    await png('board-a_temp.png', 9);
    const store = createTemplateStore({ folder });
    const [one, two] = await Promise.all([store.get('board-a'), store.get('board-a')]);
    expect(one.pixels).toEqual(new Uint8Array(12).fill(9));
    expect(two).toBe(one);
    expect(store.stats()).toEqual({ held: 1, hits: 1, misses: 1, evicted: 0 });
  });

  it('forgets the least recently used template beyond its capacity', async () => {
    await Promise.all(['a', 'b', 'c'].map((n) => png(`${n}.png`, 1)));
    const store = createTemplateStore({ folder, pattern: '{productId}.png', capacity: 2 });
    for (const id of ['a', 'b', 'a', 'c', 'a', 'b']) await store.get(id);
    expect(store.stats()).toEqual({ held: 2, hits: 2, misses: 4, evicted: 2 });
  });

  it('names the missing file, and finds it once it is there', async () => {
    const store = createTemplateStore({ folder });
    await expect(store.get('new')).rejects.toMatchObject({
      code: 'camera.template-missing',
      message: expect.stringContaining(join(folder, 'new_temp.png')),
    });
    await png('new_temp.png', 5);
    expect((await store.get('new')).width).toBe(4);
  });

  it('tells all missing products of a preload at once', async () => {
    await png('a_temp.png', 1);
    await expect(createTemplateStore({ folder }).preload(['a', 'x', 'y'])).rejects.toThrow(/x_temp[\s\S]*y_temp/);
  });

  it('refuses product ids that leave the folder and patterns without a place for the product', async () => {
    await expect(createTemplateStore({ folder }).get('../secret')).rejects.toMatchObject({
      code: 'camera.template-missing',
    });
    expect(() => createTemplateStore({ folder, pattern: 'x.png' })).toThrow(
      expect.objectContaining({ code: 'camera.template-pattern' }),
    );
  });
});
