import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@edge-blueprints/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkRevision, rememberRevision } from './bundle-revisions.js';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'revisions-')), 'record');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const memory = (allowRollback = false) => ({ folder, allowRollback, setting: 'bundle.allowRollback' });
const bundle = (revision: number, name = 'pcb-defects') => ({ name, version: `1.0.${revision}`, revision });

async function run(revision: number, options: { readonly allowRollback?: boolean; readonly name?: string } = {}) {
  await checkRevision(memory(options.allowRollback), bundle(revision, options.name), silentLogger);
  await rememberRevision(memory(options.allowRollback), bundle(revision, options.name));
}

describe('the highest revision that a device has run', () => {
  it('is not gone below, for each bundle name on its own', async () => {
    await run(6);
    await run(6);
    await run(7);
    await run(1, { name: 'surface-anomaly' });
    await expect(run(6)).rejects.toMatchObject({
      code: 'bundle.rollback',
      message: expect.stringMatching(/1\.0\.6 has revision 6.*has run revision 7.*bundle\.allowRollback/) as unknown,
    });
    await run(8);
    expect(JSON.parse(await readFile(join(folder, 'bundle-revisions.json'), 'utf8'))).toEqual({
      'pcb-defects': 8,
      'surface-anomaly': 1,
    });
    expect(await readdir(folder)).toEqual(['bundle-revisions.json']);
  });

  it('stays when somebody goes back on purpose, so that leave has to be given each time', async () => {
    await run(7);
    await run(5, { allowRollback: true });
    await expect(run(6)).rejects.toMatchObject({ code: 'bundle.rollback' });
    await run(7);
  });

  it('is not taken as none when its file was damaged', async () => {
    await run(7);
    await writeFile(join(folder, 'bundle-revisions.json'), '{"pcb-defects": -1');
    await expect(run(8)).rejects.toMatchObject({ code: 'bundle.revisions-unreadable' });
    await run(6, { allowRollback: true });
    await expect(run(5)).rejects.toMatchObject({ code: 'bundle.rollback' });
  });
});
