import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeJpeg, encodePng } from '@edge-blueprints/cameras';
import { expect, it } from 'vitest';
import { writtenFiles } from './written-files.js';

it('finds a picture at any place of any file, and nothing where there is none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'written-'));
  try {
    await mkdir(join(folder, 'state'));
    await writeFile(join(folder, 'ledger.jsonl'), '{"entry":1}\n');
    expect(await writtenFiles(folder)).toEqual({ files: 1, bytes: 12, pictures: [] });
    const picture = { width: 8, height: 8, format: 'rgb24', pixels: new Uint8Array(192) } as const;
    const { bytes: png } = await encodePng(picture);
    const { bytes: jpeg } = await encodeJpeg(picture);
    await writeFile(join(folder, 'state', 'cache'), Buffer.concat([Buffer.alloc(1_000), png]));
    await writeFile(join(folder, 'outbox.sqlite'), Buffer.concat([Buffer.alloc(77), jpeg, Buffer.alloc(9)]));
    expect([...(await writtenFiles(folder)).pictures].sort()).toEqual(['outbox.sqlite', join('state', 'cache')]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
