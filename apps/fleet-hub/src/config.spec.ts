import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorMessage } from '@edge-blueprints/contracts';
import { afterAll, describe, expect, it } from 'vitest';
import { readHubConfig } from './config.js';

const folder = mkdtempSync(join(tmpdir(), 'hub-config-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (value: unknown): string => {
  const file = join(folder, 'hub.json');
  writeFileSync(file, JSON.stringify(value));
  return file;
};
const least = {
  store: { kind: 'pglite', folder: './store' },
  broker: { kind: 'embedded' },
  identity: { revocationsFile: './revocations.jsonl' },
};
const problemOf = (value: unknown): string => {
  try {
    readHubConfig(write(value));
    return '';
  } catch (error) {
    return errorMessage(error);
  }
};

describe('the configuration of the hub', () => {
  it('reads the example, with every path made absolute', () => {
    const config = readHubConfig(join(import.meta.dirname, '../config/hub.example.json'));
    const { broker, identity, page } = config;
    const files = broker.kind === 'embedded' ? Object.values(broker.tls ?? {}) : [];
    const paths = [identity.revocationsFile, page.folder, ...files.filter((file) => file.endsWith('.pem'))];
    expect(paths).toHaveLength(7);
    expect(paths.every((path) => path.startsWith('/'))).toBe(true);
  });

  it('needs a store, a broker and a file of revocations, and no more', () => {
    const config = readHubConfig(write(least));
    expect(config.broker).toMatchObject({ host: '127.0.0.1', tls: null });
    expect(config.store).toEqual({ kind: 'pglite', folder: join(folder, 'store') });
  });

  it('names every problem at once', () => {
    const text = problemOf({
      ...least,
      store: { kind: 'postgresql', host: 'db.example.com', database: 'hub', user: 'hub', passwordEnv: 'lower' },
      devices: { staleAfterMs: 5 },
      other: 1,
    });
    for (const part of ['store.passwordEnv', 'devices.staleAfterMs', 'other']) expect(text).toContain(part);
  });

  it.each([
    ['a broker for other machines without TLS', { broker: { kind: 'embedded', host: '0.0.0.0' } }, 'broker.tls'],
    ['TLS that the address does not speak', { broker: { kind: 'mqtt', url: 'mqtts://broker:8883' } }, 'broker.url'],
    ['a user in the address', { broker: { kind: 'mqtt', url: 'mqtt://me@broker:1883' } }, 'broker.url'],
    [
      'a database on another machine without TLS',
      { store: { kind: 'postgresql', host: 'db.example.com', database: 'hub', user: 'hub' } },
      'store.tlsCaFile',
    ],
    ['offline before stale', { devices: { offlineAfterMs: 2_000 } }, 'devices.offlineAfterMs'],
  ])('refuses %s', (_, more, path) => {
    expect(problemOf({ ...least, ...more })).toContain(path);
  });
});
