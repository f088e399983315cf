import { describe, expect, it } from 'vitest';
import { createMemoryTarget } from '../testing/memory-target.js';
import { applyStarter } from './apply-starter.js';

const starter = { name: 'acme', blueprint: 'shop', folder: 'acme' };
const files = (entries: Readonly<Record<string, string>>) =>
  new Map(Object.entries(entries).map(([path, text]) => [path, Buffer.from(text)]));
const texts = (target: ReturnType<typeof createMemoryTarget>) =>
  Object.fromEntries([...target.files].map(([path, bytes]) => [path, bytes.toString()]));

describe('applyStarter', () => {
  it('writes everything into an empty folder, and nothing the second time', () => {
    const target = createMemoryTarget();
    expect(applyStarter(target, files({ a: '1', 'b/c': '2' }), starter).written).toEqual(['a', 'b/c']);
    const before = texts(target);
    const again = applyStarter(target, files({ a: '1', 'b/c': '2' }), starter);
    expect(again).toEqual({ written: [], kept: [], unchanged: 2 });
    expect(texts(target)).toEqual(before);
  });

  it('keeps what was changed or removed by hand, tells it, and brings the rest up to date', () => {
    const target = createMemoryTarget();
    applyStarter(target, files({ edited: '1', removed: '1', plain: '1' }), starter);
    target.files.set('edited', Buffer.from('mine'));
    target.files.delete('removed');
    const later = files({ edited: '2', removed: '2', plain: '2', added: '2' });
    expect(applyStarter(target, later, starter)).toMatchObject({
      written: ['added', 'plain'],
      kept: ['edited', 'removed'],
    });
    expect(texts(target)).toMatchObject({ edited: 'mine', plain: '2', added: '2' });
    expect(target.files.has('removed')).toBe(false);
    const settled = texts(target);
    expect(applyStarter(target, later, starter)).toMatchObject({ written: [], kept: ['edited', 'removed'] });
    expect(texts(target)).toEqual(settled);
  });

  it('keeps a file that the client had before it was generated', () => {
    const target = createMemoryTarget();
    applyStarter(target, files({ a: '1' }), starter);
    target.files.set('new', Buffer.from('mine'));
    expect(applyStarter(target, files({ a: '1', new: '2' }), starter).kept).toEqual(['new']);
    expect(texts(target)['new']).toBe('mine');
  });

  it('refuses a folder that holds something else, and writes nothing there', () => {
    const target = createMemoryTarget(files({ 'thesis.tex': 'x' }));
    expect(() => applyStarter(target, files({ a: '1' }), starter)).toThrow(/not empty \(thesis\.tex\)/);
    expect([...target.files.keys()]).toEqual(['thesis.tex']);
  });

  it('refuses the folder of another starter', () => {
    const target = createMemoryTarget();
    applyStarter(target, files({ a: '1' }), starter);
    expect(() => applyStarter(target, files({ a: '2' }), { ...starter, blueprint: 'ward' })).toThrow(/"acme" of shop/);
    expect(texts(target)['a']).toBe('1');
  });
});
