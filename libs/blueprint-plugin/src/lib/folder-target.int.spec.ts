import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyStarter } from './apply-starter.js';
import { createFolderTarget } from './folder-target.js';

const starter = { name: 'acme', blueprint: 'shop', folder: 'acme' };
const files = new Map([
  ['a', Buffer.from('1')],
  ['b/c', Buffer.from('2')],
]);

describe('createFolderTarget', () => {
  let base = '';
  beforeEach(() => void (base = mkdtempSync(join(tmpdir(), 'starter-'))));
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  it('writes nothing before flush, and then the whole folder', () => {
    const target = createFolderTarget(join(base, 'new/acme'));
    applyStarter(target, files, starter);
    expect(readdirSync(base)).toEqual([]);
    target.flush();
    expect(readFileSync(join(base, 'new/acme/b/c'), 'utf8')).toBe('2');
    expect(readdirSync(join(base, 'new'))).toEqual(['acme']);
    expect(statSync(join(base, 'new/acme')).mode).toBe(statSync(join(base, 'new')).mode);
  });

  it('leaves nothing behind where a file cannot be written', () => {
    const target = createFolderTarget(join(base, 'acme'));
    target.write('a', Buffer.from('1'));
    target.write('a/b', Buffer.from('2'));
    expect(() => target.flush()).toThrow();
    expect(readdirSync(base)).toEqual([]);
  });

  it('keeps what else is in a folder that holds the starter', () => {
    const place = join(base, 'acme');
    const first = createFolderTarget(place);
    applyStarter(first, files, starter);
    first.flush();
    mkdirSync(join(place, 'node_modules'));
    writeFileSync(join(place, 'a'), 'mine');
    const second = createFolderTarget(place);
    expect(applyStarter(second, new Map([...files, ['d', Buffer.from('3')]]), starter)).toMatchObject({
      written: ['d'],
      kept: ['a'],
    });
    second.flush();
    expect(readFileSync(join(place, 'a'), 'utf8')).toBe('mine');
    expect(existsSync(join(place, 'node_modules'))).toBe(true);
    expect(readdirSync(place).filter((name) => name.endsWith('.new'))).toEqual([]);
  });
});
