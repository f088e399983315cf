import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { createRandom, partRecordSchema, silentLogger, systemClock } from '@edge-blueprints/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readStationConfig } from '../config.js';
import { readLabelledTiles } from '../evaluate/tiles/labelled-tiles.js';
import { openStation } from './open-station.js';

const repository = join(import.meta.dirname, '../../../..');
const example = join(repository, 'apps/manufacturing-inspection/config/station.surface.example.json');
const bundle = join(repository, 'models/bundles/surface-anomaly');
const tilesFolder = join(process.env['EDGE_DATA'] ?? join(repository, '../shared/data'), 'magnetic-tile');
const missing = [bundle, join(tilesFolder, 'index.csv')].filter((path) => !existsSync(path));
const shown = { crack: 2, free: 4 };

const withEvents = (events: unknown[]): Parameters<typeof openStation>[1] => ({
  clock: systemClock,
  random: createRandom(1),
  log: silentLogger,
  schedule: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  newToken: () => 'token',
  operatorPin: '4711',
  pinConfigured: false,
  secret: () => undefined,
  version: '0.0.0',
  emit: (event) => events.push(event),
});

describe.skipIf(missing.length > 0)(
  `station for surfaces by configuration alone${missing.length > 0 ? ` (skipped: ${missing.join(', ')} is not here)` : ''}`,
  () => {
    let folder: string;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'surface-'));
      const tiles = await readLabelledTiles(tilesFolder, join(repository, 'models/surface-anomaly/split.json'), 'test');
      for (const [kind, count] of Object.entries(shown)) {
        for (const tile of tiles.filter((each) => each.kind === kind).slice(0, count))
          symlinkSync(resolve(tile.file), join(folder, `${kind}-${basename(tile.file)}`));
      }
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    it('refuses to judge real parts with a memory made from data without a licence', async () => {
      const config = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(example, 'utf8')));
      const file = join(folder, 'production.json');
      const changes = {
        station: { id: 'surface-1', simulated: false, clockSynchronised: true, recipeId: 1 },
        camera: { kind: 'folder', folder: '.' },
        bundle: { folder: bundle, trustedKeys: join(repository, 'models/bundles/trusted-keys.json') },
        plc: { role: 'server', port: 0 },
        record: { folder: './record' },
        dashboard: { port: 0 },
        page: undefined,
      };
      writeFileSync(file, JSON.stringify({ ...config, ...changes }));
      await expect(openStation(readStationConfig(file), withEvents([]))).rejects.toMatchObject({
        code: 'station.bundle-research',
      });
    });

    it('judges tiles of every size with the bundle, and says where each is unlike good ones', async () => {
      const events: unknown[] = [];
      const {
        page: _page,
        bundle: _bundle,
        ...config
      } = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(example, 'utf8')));
      const file = join(folder, 'station.json');
      const changes = {
        camera: { kind: 'folder', folder: '.' },
        bundle: { folder: bundle, trustedKeys: join(repository, 'models/bundles/trusted-keys.json') },
        engine: { threads: 1 },
        plc: { role: 'server', port: 0, inspectionTimeoutMs: 60_000 },
        join: { triggerWaitMs: 1 },
        decide: { partDeadlineMs: 60_000 },
        record: { folder: './record', passImageSampling: 1 },
        dashboard: { port: 0 },
      };
      writeFileSync(file, JSON.stringify({ ...config, ...changes }));
      const station = await openStation(readStationConfig(file), withEvents(events));
      await station.ended;
      await expect.poll(() => events.length, { timeout: 5_000 }).toBe(6);
      const answer = await fetch(`http://127.0.0.1:${station.pagePort}/api/parts?limit=200`);
      const parts = z.array(partRecordSchema).parse(await answer.json());
      await station.close();

      for (const { partId, model, timings, detections } of parts) {
        expect(model).toMatchObject({ bundle: 'surface-anomaly', variant: 'fp32-640' });
        expect(timings.runMs).toBeGreaterThan(0);
        const [best, ...others] = detections;
        expect(best, partId).toMatchObject({ label: 'anomaly', classIndex: 0 });
        for (const { score, box } of detections) {
          expect(score).toBeLessThanOrEqual(best?.score ?? 0);
          expect(box.xMax).toBeGreaterThan(box.xMin);
          expect(box.yMax).toBeGreaterThan(box.yMin);
        }
        expect(others.every(({ threshold }) => threshold === best?.threshold)).toBe(true);
      }
    }, 60_000);
  },
);
