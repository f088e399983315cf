import { describe, expect, it } from 'vitest';
import type { Pack } from './packs/packs.js';
import { starterLock } from './starter-lock.js';

const pack = (name: string, dependencies: Record<string, string>): Pack => ({
  ...{ name, version: '1.0.0', license: 'MIT', file: `${name}.tgz`, dependencies },
  ...{ bytes: Buffer.alloc(0), integrity: 'sha512-x' },
});
const own = {
  lockfileVersion: 3,
  packages: {
    '': {},
    'libs/ours': { version: '1.0.0', dependencies: { third: '1' } },
    'libs/ours/node_modules/third': { version: '1.5.0' },
    'node_modules/ours': { resolved: 'libs/ours', link: true },
    'node_modules/third': { version: '2.0.0', dev: true },
    'node_modules/tool': {
      version: '3.0.0',
      dev: true,
      dependencies: { deep: '1' },
      optionalDependencies: { mac: '1' },
    },
    'node_modules/tool/node_modules/deep': { version: '1.0.0', dev: true, dependencies: { third: '2' } },
    'node_modules/deep': { version: '9.0.0' },
    'node_modules/mac': { version: '1.0.0', os: ['darwin'], dev: true, optional: true },
    'node_modules/unused': { version: '1.0.0' },
  },
};
const root = { name: 'acme', version: '0.1.0', license: 'UNLICENSED', engines: { node: '>=20' } };
const wanted = { dependencies: { ours: 'file:vendor/ours.tgz' }, devDependencies: { tool: '3.0.0' } };

describe('starterLock', () => {
  const lock = starterLock(own, [pack('ours', { third: '1' })], root, wanted);

  it('holds what is needed, where npm would put it, and nothing else', () => {
    expect(Object.keys(lock.packages)).toEqual([
      '',
      'node_modules/mac',
      'node_modules/ours',
      'node_modules/ours/node_modules/third',
      'node_modules/third',
      'node_modules/tool',
      'node_modules/tool/node_modules/deep',
    ]);
  });

  it('takes our packages from their tarballs', () => {
    expect(lock.packages).toMatchObject({
      '': { ...root, ...wanted },
      'node_modules/ours': { resolved: 'file:vendor/ours.tgz', integrity: 'sha512-x' },
    });
  });

  it('marks tools and optional packages anew', () => {
    expect(lock.packages).toMatchObject({
      'node_modules/tool': { dev: true },
      'node_modules/mac': { dev: true, optional: true, os: ['darwin'] },
    });
    expect(lock.packages['node_modules/ours/node_modules/third']).toEqual({ version: '1.5.0' });
  });

  it('refuses a dependency that our lock file lacks', () => {
    expect(() => starterLock(own, [pack('ours', { fourth: '1' })], root, wanted)).toThrow(/does not hold fourth/);
  });
});
