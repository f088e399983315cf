import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeOnnxGraph } from '../../onnxruntime/onnx-graph.js';
import { runWrap, type WrapCommand } from '../../../wrap-command.js';
import { loadBundle } from '../load-bundle.js';
import { createPackingEngine } from '../packing-engine.js';
import { checkRelease } from '../release-check.js';
import { publicKeyOf } from '../signing-key.js';
import { readOnnxFile } from './onnx-file.js';

const keys = generateKeyPairSync('ed25519');
const trustedKeys = [publicKeyOf(keys.privateKey)];
const keypoints = Array.from({ length: 16 }, (_, i) => `point-${i}`).join();
/** Every cell of 4x4 grey pixels becomes 16 planes of one value: the sizes of a pose model of 16 keypoints. */
const poseModel = (size: number | string): Uint8Array =>
  encodeOnnxGraph({
    inputs: [{ name: 'image', dtype: 'float32', dims: [1, 1, size, size] }],
    outputs: [{ name: 'maps', dtype: 'float32', dims: [1, 16, 'rows', 'columns'] }],
    nodes: [{ op: 'SpaceToDepth', inputs: ['image'], outputs: ['maps'], attributes: { blocksize: 4 } }],
  });

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edge-wrap-'));
  await writeFile(join(folder, 'key.pem'), keys.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  await writeFile(join(folder, 'Pose Model.onnx'), poseModel(32));
  await writeFile(join(folder, 'open.onnx'), poseModel('side'));
  await writeFile(join(folder, 'vector.onnx'), vectorModel());
  await writeFile(join(folder, 'rows.onnx'), rowsModel());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** One value a picture and channel: an appearance vector of 64. */
function vectorModel(): Uint8Array {
  const step = (op: string, from: string, to: string, attributes = {}) => ({
    ...{ op, inputs: [from], outputs: [to], attributes },
  });
  return encodeOnnxGraph({
    inputs: [{ name: 'image', dtype: 'float32', dims: [1, 1, 32, 32] }],
    outputs: [{ name: 'vector', dtype: 'float32', dims: [1, 64] }],
    nodes: [
      step('SpaceToDepth', 'image', 'deep', { blocksize: 8 }),
      step('GlobalAveragePool', 'deep', 'mean'),
      step('Flatten', 'mean', 'vector'),
    ],
  });
}

/** Eight rows of six values, as exports give that suppress boxes themselves, with the class names that they leave. */
function rowsModel(): Uint8Array {
  const graph = encodeOnnxGraph({
    inputs: [{ name: 'image', dtype: 'float32', dims: [1, 1, 32, 24] }],
    outputs: [{ name: 'rows', dtype: 'float32', dims: [1, 8, 6] }],
    constants: [{ name: 'zero', value: 0 }],
    nodes: [
      { op: 'SpaceToDepth', inputs: ['image'], outputs: ['deep'], attributes: { blocksize: 4 } },
      { op: 'Cast', inputs: ['zero'], outputs: ['first'], attributes: { to: 7 } },
      { op: 'Gather', inputs: ['deep', 'first'], outputs: ['rows'], attributes: { axis: 1 } },
    ],
  });
  return Buffer.concat([graph, metadataEntry('names', "{0: 'cart', 1: 'human'}"), metadataEntry('task', 'detect')]);
}

function metadataEntry(key: string, value: string): Buffer {
  const text = (field: number, words: string) => Buffer.from([field, words.length, ...Buffer.from(words)]);
  const entry = Buffer.concat([text(0x0a, key), text(0x12, value)]);
  return Buffer.concat([Buffer.from([0x72, entry.length]), entry]);
}

const stated = { licence: 'MIT', origin: 'made for a test', 'trained-on': 'nothing', threshold: '0.4' };
const plain = { scale: '0.00392156862745098', mean: '', std: '' };

function wrap(file: string, out: string, flags: object, more: Partial<WrapCommand> = {}) {
  const flagRecord = Object.fromEntries(Object.entries(flags));
  return runWrap({
    ...{ file: join(folder, file), out: join(folder, out), key: join(folder, 'key.pem'), flags: flagRecord },
    ...{ fromSettings: undefined, saveSettings: undefined, ask: undefined, ...more },
  });
}

const failure = async (run: Promise<unknown>): Promise<{ code: unknown; message: string }> =>
  run.then(
    () => ({ code: 'none', message: '' }),
    (error: unknown) => {
      if (!(error instanceof Error)) throw error;
      return { code: 'code' in error ? error.code : undefined, message: error.message };
    },
  );

describe('wrapping a foreign model', () => {
  it('gives a bundle that a station with the key loads, that passes the release gate, and that says what nobody measured', async () => {
    const saveSettings = join(folder, 'settings.json');
    const { bundle, settings } = await wrap(
      'Pose Model.onnx',
      'pose',
      { ...stated, ...plain, keypoints },
      { saveSettings },
    );
    const loaded = await loadBundle(join(folder, 'pose'), { trustedKeys, expectTask: 'keypoints-top-down' });
    expect(loaded.manifest).toMatchObject({
      ...{ name: 'pose-model', version: '1.0.1', labels: ['person'], keypoints: keypoints.split(',') },
      preprocess: { kind: 'person-crop', input: 'image', channels: 'gray', margin: 1.25 },
      postprocess: { decoder: 'top-down-heatmap', output: 'maps' },
      lineage: { wrapped: { file: 'Pose Model.onnx', source: 'made for a test' } },
    });
    expect(await readFile(join(folder, 'pose/model.onnx'))).toEqual(await readFile(join(folder, 'Pose Model.onnx')));
    expect(loaded.card).toContain('What was NOT measured');
    const checks = await checkRelease(bundle.folder, { trustedKeys, createEngine: createPackingEngine });
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(settings.keypoints).toHaveLength(16);
  });

  it('wraps again from saved settings, one revision on; a licence that is not known to allow passing on marks it as research', async () => {
    const fromSettings = join(folder, 'settings.json');
    const changed = { threshold: '0.5', licence: 'LicenseRef-none' };
    const { bundle } = await wrap('Pose Model.onnx', 'pose', changed, { fromSettings });
    expect(bundle.manifest).toMatchObject({ revision: 2, thresholds: [{ label: 'person', threshold: 0.5 }] });
    expect(bundle.manifest.use).toBe('research');
    expect(bundle.card).toContain('Research use only');
  });

  it('names everything that is open at once when there is nobody to ask', async () => {
    const open = await failure(wrap('open.onnx', 'open', { licence: 'MIT' }));
    expect(open.code).toBe('bundle.wrap-open');
    for (const flag of ['--width', '--height', '--threshold', '--origin', '--trained-on'])
      expect(open.message).toContain(flag);
    expect(open.message).not.toContain('--licence ');
    const later = await failure(wrap('open.onnx', 'open', { width: '32', height: '32' }));
    for (const flag of ['--keypoints', '--threshold', '--licence', '--origin']) expect(later.message).toContain(flag);
  });

  it('takes the names of classes from the file, asks which is a person and calls it so', async () => {
    const flags = { ...stated, scale: '0.000001' };
    const open = await failure(wrap('rows.onnx', 'rows', flags));
    expect(open).toMatchObject({
      code: 'bundle.wrap-open',
      message: expect.stringMatching(/--person .*one of cart, human/) as unknown,
    });
    const { bundle } = await wrap('rows.onnx', 'rows', { ...flags, person: 'human' });
    expect(bundle.manifest).toMatchObject({
      ...{ task: 'person-detection', labels: ['cart', 'person'] },
      postprocess: { decoder: 'nms-free', output: 'rows' },
    });
  });

  it('asks on a terminal until the answer fits', async () => {
    const asked: string[] = [];
    const answers: Record<string, string[]> = {
      ...{ Width: ['wide', '32'], Height: ['32'], Names: [keypoints], A: ['2', '0.4'] },
      ...{ Licence: ['MIT'], Where: ['here'], Data: ['nothing'] },
    };
    const ask = (question: string): Promise<string> => {
      asked.push(question);
      const key = Object.keys(answers).find((word) => question.split('\n').at(-1)?.startsWith(`${word} `)) ?? '';
      return Promise.resolve(answers[key]?.shift() ?? '');
    };
    const { bundle } = await wrap('open.onnx', 'asked', plain, { ask });
    expect(bundle.manifest.thresholds[0]?.threshold).toBe(0.4);
    expect(asked).toHaveLength(9);
  });

  it('refuses a model whose outputs its decoder cannot read, and leaves nothing behind', async () => {
    // Without the right scale the values are no heat.
    const refused = await failure(wrap('Pose Model.onnx', 'wrong', { ...stated, ...plain, scale: '1', keypoints }));
    expect(refused).toMatchObject({ code: 'bundle.wrap-model', message: expect.stringContaining('heat') as unknown });
    expect((await readdir(folder)).filter((name) => name.startsWith('wrong'))).toEqual([]);
  });

  it('refuses appearance vectors whatever is stated', async () => {
    const refused = await failure(wrap('vector.onnx', 'vector', { ...stated, family: 'yolox' }));
    expect(refused).toMatchObject({
      code: 'bundle.wrap-refused',
      message: expect.stringContaining('recognise a person again') as unknown,
    });
  });
});

describe('reading an ONNX file', () => {
  it('finds what the exporter left', () => {
    const bytes = Buffer.concat([poseModel(32), metadataEntry('task', 'pose')]);
    expect(readOnnxFile(bytes, 'x')).toMatchObject({ metadata: { task: 'pose' }, operators: ['SpaceToDepth'] });
  });

  it('refuses what is none, and what was cut off', () => {
    const whole = poseModel(32);
    for (const bytes of [Buffer.from('PK zip'), Buffer.alloc(0), whole.subarray(0, whole.length - 3)])
      expect(() => readOnnxFile(bytes, 'x.onnx')).toThrowError(expect.objectContaining({ code: 'bundle.wrap-model' }));
  });
});
