import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@edge-blueprints/contracts';
import { decodeImage } from '@edge-blueprints/cameras';
import { wrapForeignModel } from '@edge-blueprints/inference';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { still } from './footage.js';
import { runLabelled } from './labelled-run.js';
import { readLabelled } from './labelled-people.js';
import { openPeopleModel, type PeopleModel } from './people-model.js';

const repository = join(import.meta.dirname, '../../../..');
const shared = process.env['EDGE_DATA'] ?? join(repository, '../shared/data');
const [models, mot17] = [join(shared, 'onnx-models'), join(shared, 'mot17')];

describe.skipIf(!existsSync(models) || !existsSync(mot17))('foreign models through the wrapper', () => {
  let folder = '';
  let trustedKeys: Parameters<typeof openPeopleModel>[0]['trustedKeys'] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'edge-foreign-'));
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    await writeFile(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const { bundle } = await wrap('fastestdet.onnx', 'fastestdet');
    trustedKeys = [{ keyId: bundle.signedBy ?? '', publicKey: spki }];
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const wrap = (file: string, name: string) =>
    wrapForeignModel({
      ...{ file: join(models, file), out: join(folder, name), key: join(folder, 'key.pem'), flags: {} },
      fromSettings: join(import.meta.dirname, `wrap-settings/${name}.json`),
      ...{ saveSettings: undefined, ask: undefined },
    });
  const opened = async <T>(bundle: string, pose: string | undefined, use: (model: PeopleModel) => Promise<T>) => {
    const at = (name: string) => join(folder, name);
    const model = await openPeopleModel({
      ...{ bundle: at(bundle), pose: pose === undefined ? undefined : at(pose), variant: undefined },
      ...{ trustedKeys, clock: systemClock },
    });
    try {
      return await use(model);
    } finally {
      await model.dispose();
    }
  };

  it.each([
    ['yolox_nano.onnx', 'yolox-nano', 0.491],
    ['picodet_s_320_pedestrian.onnx', 'picodet-s-320-pedestrian', 0.48],
    ['fastestdet.onnx', 'fastestdet', 0.264],
  ])(
    '%s finds the people of 29 MOT17 pictures as it was measured elsewhere',
    { timeout: 300_000 },
    async (file, name, ap) => {
      await wrap(file, name);
      const run = await opened(name, undefined, async (model) =>
        runLabelled(model, (await readLabelled(mot17)) ?? [], 0, () => Promise.resolve()),
      );
      expect(run.all).toMatchObject({ frames: 29, people: 486 });
      expect(Math.abs((run.all.ap ?? 0) - ap)).toBeLessThan(0.003);
    },
  );

  it('a top-down pose lies within the person that it looked at', { timeout: 300_000 }, async () => {
    await wrap('picodet_s_320_pedestrian.onnx', 'picodet-s-320-pedestrian');
    await wrap('tinypose_256_192.onnx', 'tinypose-256-192');
    const [frame] = ((await readLabelled(mot17)) ?? []).filter(({ name }) => name.startsWith('MOT17-09'));
    const picture = await decodeImage(frame?.file ?? '', 'rgb24');
    const people = await opened('picodet-s-320-pedestrian', 'tinypose-256-192', async (model) => {
      const { detections } = await model.find({ ...picture, ...still(0) }, 0.5);
      return detections.filter(({ score }) => score >= 0.5);
    });
    expect(people.length).toBeGreaterThan(2);
    for (const { box, keypoints = [] } of people) {
      expect(keypoints).toHaveLength(17);
      const sure = keypoints.filter(({ score }) => score > 0.4);
      const margin = 0.1 * (box.yMax - box.yMin);
      for (const { x, y } of sure) {
        expect(x).toBeGreaterThan(box.xMin - margin);
        expect(x).toBeLessThan(box.xMax + margin);
        expect(y).toBeGreaterThan(box.yMin - margin);
        expect(y).toBeLessThan(box.yMax + margin);
      }
    }
  });
});
