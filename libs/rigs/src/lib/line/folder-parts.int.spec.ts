import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodePng } from '@edge-blueprints/cameras';
import { afterEach, describe, expect, it } from 'vitest';
import { openFolderParts } from './folder-parts.js';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function flat(level: number): Promise<Uint8Array> {
  const picture = { width: 8, height: 8, format: 'gray8', pixels: new Uint8Array(64).fill(level) } as const;
  return (await encodePng(picture)).bytes;
}

async function pairs(names: readonly string[], labels: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pairs-'));
  folders.push(folder);
  await mkdir(join(folder, 'images'));
  await mkdir(join(folder, 'labels'));
  for (const [index, name] of names.entries()) {
    await writeFile(join(folder, 'images', `${name}_test.png`), await flat(index));
    await writeFile(join(folder, 'images', `${name}_temp.png`), await flat(255));
  }
  for (const [name, text] of Object.entries(labels)) await writeFile(join(folder, 'labels', `${name}.txt`), text);
  return folder;
}

describe('openFolderParts', () => {
  it('gives each pair once, in order, with its labels as truth where there are any', async () => {
    const source = await openFolderParts(await pairs(['b2', 'a1', 'c3'], { a1: '1 2 5 6 4\n', b2: '' }));
    expect(source.templates.map(({ productId }) => productId)).toEqual(['a1', 'b2', 'c3']);
    const parts = [await source.next(), await source.next(), await source.next()];
    expect(await source.next()).toBeUndefined();
    expect(parts.map((part) => part?.partId)).toEqual(['a1', 'b2', 'c3']);
    expect(parts.map((part) => part?.pixels[0])).toEqual([1, 0, 2]);
    expect(parts[0]?.truth).toEqual([
      { label: 'spur', classIndex: 3, score: 1, box: { xMin: 1, yMin: 2, xMax: 5, yMax: 6 } },
    ]);
    expect(parts[1]?.truth).toEqual([]);
    expect(parts[2]?.truth).toBeNull();
  });

  it('gives a short part id to a picture with a long name', async () => {
    const long = 'a-picture-with-a-very-long-name';
    const source = await openFolderParts(await pairs([long], {}));
    expect(await source.next()).toMatchObject({ partId: 'F00000001', productId: long, name: long });
  });

  it('refuses pictures without a template, an empty folder and labels that cannot be read', async () => {
    const folder = await pairs(['a1'], { a1: 'nonsense\n' });
    await expect((await openFolderParts(folder)).next()).rejects.toMatchObject({ code: 'vision.labels-invalid' });
    const single = await mkdtemp(join(tmpdir(), 'single-'));
    folders.push(single);
    await expect(openFolderParts(single)).rejects.toMatchObject({ code: 'camera.folder-empty' });
    await writeFile(join(single, 'board.png'), await flat(0));
    await expect(openFolderParts(single)).rejects.toMatchObject({ code: 'rig.frames-without-template' });
  });
});
