import { join } from 'node:path';
import { ConfigError, parseConfig } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { readStoreConfig, storeConfigSchema } from './config.js';

const example = join(import.meta.dirname, '../config/store.example.json');
const least = {
  store: { id: 'store-7' },
  plan: './plan.json',
  cameras: [{ id: 'entrance', source: { kind: 'socket', port: 7400 }, calibration: './entrance.json' }],
  perception: { bundle: { folder: './bundle', variant: 'int8' }, trustedKeys: './keys.json' },
  privacy: { ledger: { folder: './ledger' } },
  state: { folder: './state' },
};

describe('store configuration', () => {
  it('accepts the example, gives sources the names of their cameras and makes paths absolute', () => {
    const config = readStoreConfig(example);
    expect(config.cameras.map(({ id, source }) => [id, source.id])).toEqual(config.cameras.map(({ id }) => [id, id]));
    expect(config.plan).toBe(join(import.meta.dirname, '../config/plan.example.json'));
    expect(config.page.calibrationPictures).toBe(false);
  });

  it('needs no more than store, plan, cameras, model, ledger and state', () => {
    const config = parseConfig(storeConfigSchema, least, 'test');
    expect(config).toMatchObject({ tracker: { kind: 'oc-sort' }, hub: null, page: { calibrationPictures: false } });
    expect(config.cameras[0]?.floorFramesPerS).toBe(8);
  });

  it('tells all problems at once, with file and field', () => {
    const [camera] = least.cameras;
    const wrong = {
      ...least,
      cameras: [camera, { ...camera, floorFramesPerS: 0 }],
      measures: { graceS: 7_000 },
      privacy: { ledger: { folder: './l' }, windows: { shortS: 7 } },
      debug: true,
    };
    let message = '';
    try {
      parseConfig(storeConfigSchema, wrong, 'store.json');
    } catch (error) {
      message = error instanceof ConfigError ? error.message : '';
    }
    for (const part of ['store.json', 'floorFramesPerS', 'must divide a day', 'debug']) expect(message).toContain(part);
  });

  it('refuses two cameras of one name', () => {
    const [camera] = least.cameras;
    expect(() => parseConfig(storeConfigSchema, { ...least, cameras: [camera, camera] }, 'test')).toThrow(
      'is the name of cameras[0] already',
    );
  });
});
