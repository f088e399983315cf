import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tensors } from '@edge-blueprints/contracts';
import { createFakeEngine } from '@edge-blueprints/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTrustedKeys } from './bundle-signature.js';
import { loadBundle } from './load-bundle.js';
import { packBundle, type PackOptions } from './pack-bundle.js';
import { createSigningKey, readSigningKey, trustKey } from './signing-key.js';
import { sampleCompute, sampleInputs, signingKey, trustedKeys } from './testing/sample-bundle.js';
import { sampleSpec, writeSampleWorkshop } from './testing/sample-workshop.js';

let folder: string;
let options: PackOptions;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edge-pack-'));
  const { from, spec } = await writeSampleWorkshop(folder);
  const createEngine = () => createFakeEngine({ compute: sampleCompute });
  options = {
    from,
    spec,
    out: join(folder, 'out'),
    privateKey: signingKey,
    createEngine,
  };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('packBundle', () => {
  it('packs a bundle that a station accepts', async () => {
    const report = await packBundle(options);
    const bundle = await loadBundle(options.out, { trustedKeys });
    expect(bundle.digest).toBe(report.bundle.digest);
    expect(bundle.manifest).toMatchObject({ version: '1.0.1', revision: 1, metrics: { map: 0.98 } });
    expect(bundle.manifest.thresholds.map((entry) => entry.threshold)).toEqual([0.3, 0.35]);
    expect(bundle.golden('int8-16').map((vector) => vector.name)).toEqual(['vector-0', 'vector-1']);
    expect(bundle.card).toMatch(/^# sample 1\.0\.1, revision 1\n/);
  });

  it('raises the revision each time and leaves nothing else behind', async () => {
    await packBundle(options);
    const { bundle } = await packBundle(options);
    expect(bundle.manifest).toMatchObject({ version: '1.0.2', revision: 2 });
    expect((await readdir(folder)).sort()).toEqual(['bundle.spec.json', 'card.template.md', 'from', 'out']);
  });

  it('keeps the old bundle when packing fails, at whatever step', async () => {
    const { bundle } = await packBundle(options);
    let calls = 0;
    const drifting = () =>
      createFakeEngine({
        compute: (inputs) =>
          calls++ < 4 ? sampleCompute(inputs) : { ...sampleCompute(inputs), scores: sampleCompute({}).scores! },
      });
    await expect(packBundle({ ...options, createEngine: drifting })).rejects.toMatchObject({
      code: 'bundle.golden-mismatch',
    });
    await rm(join(options.from, 'int8.onnx'));
    await expect(packBundle(options)).rejects.toMatchObject({ code: 'bundle.pack-input' });
    expect((await loadBundle(options.out, { trustedKeys })).digest).toBe(bundle.digest);
    expect((await readdir(folder)).sort()).toEqual(['bundle.spec.json', 'card.template.md', 'from', 'out']);
  });

  it('puts the old bundle back when a packing was killed between its two renames', async () => {
    await packBundle(options);
    await rename(options.out, `${options.out}.previous`);
    const { bundle } = await packBundle(options);
    expect(bundle.manifest.revision).toBe(2);
  });

  it('never replaces a folder that is no bundle', async () => {
    await mkdir(options.out);
    await writeFile(join(options.out, 'thesis.txt'), 'years of work');
    await expect(packBundle(options)).rejects.toThrow(/holds other files than a bundle/);
    expect(await readFile(join(options.out, 'thesis.txt'), 'utf8')).toBe('years of work');
  });

  it('asks for metrics unless it is told that there are none', async () => {
    await rm(join(options.from, 'metrics.json'));
    await expect(packBundle(options)).rejects.toThrow(/metrics\.json cannot be read/);
    const { bundle } = await packBundle({ ...options, withoutMetrics: true });
    expect(bundle.manifest.thresholds[0]).toMatchObject({ threshold: 0.4, provenance: 'default' });
  });

  it('refuses figures that were measured on another model file', async () => {
    await writeFile(
      join(options.from, 'metrics.json'),
      JSON.stringify({ models: { int8: { sha256: '0'.repeat(64) } } }),
    );
    await expect(packBundle(options)).rejects.toThrow(/measured on another int8\.onnx/);
  });

  it.each([
    ['the FP32 file differs from PyTorch', 'fp32', /APART +pytorch - onnx fp32 +scores/],
    ['the INT8 file differs from FP32', 'int8', /APART +onnx fp32 - onnx int8 +scores/],
    ['PyTorch differs from everything', 'pytorch', /APART +pytorch - station int8-16 +scores/],
  ])('refuses with a table when %s', async (_, path, message) => {
    const other = (inputs: Tensors): Tensors => ({ ...sampleCompute(inputs), scores: sampleCompute({}).scores! });
    await writeSampleWorkshop(folder, { compute: { [path]: other } });
    const refusal = await packBundle(options).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'bundle.agreement', message: expect.stringMatching(message) as unknown });
  });

  it('refuses when the station computes otherwise than the same file in the workshop', async () => {
    const createEngine = () =>
      createFakeEngine({ compute: (inputs) => ({ ...sampleCompute(inputs), scores: sampleCompute({}).scores! }) });
    await expect(packBundle({ ...options, createEngine })).rejects.toThrow(/APART +onnx int8 - station int8-16/);
  });

  it('refuses a changed weight, because the golden outputs belong to another file', async () => {
    await writeFile(join(options.from, 'int8.onnx'), new Uint8Array(64).fill(1));
    await writeFile(join(options.from, 'metrics.json'), JSON.stringify({}));
    await expect(packBundle(options)).rejects.toThrow(
      /int8\.onnx is not the file that was computed with[^]*models:golden/,
    );
  });

  it('names every golden output that is missing or of the wrong length', async () => {
    await rm(join(options.from, 'golden', '0.pytorch.scores.f32'));
    await writeFile(join(options.from, 'golden', '1.int8.boxes.f32'), new Uint8Array(3));
    await expect(packBundle(options)).rejects.toThrow(
      /0\.pytorch\.scores\.f32 is not there[^]*1\.int8\.boxes\.f32 has 3 bytes, want 64/,
    );
  });

  it.each([
    ['forbidden', {}, /data "rendered boards" \(Apache-2\.0\) forbids redistribution; train again without it/],
    ['forbidden', { use: 'research' }, /forbids redistribution/],
    ['research-only', {}, /is research-only; mark the bundle with "use": "research"/],
    ['unknown', {}, /is unknown; mark the bundle/],
  ])('refuses weights whose data is %s (%o)', async (redistribution, marks, message) => {
    const [data, code] = sampleInputs;
    const lineage = { ...sampleSpec.lineage, inputs: [{ ...data, redistribution }, code] };
    await writeSampleWorkshop(folder, { spec: { lineage, ...marks } });
    await expect(packBundle(options)).rejects.toThrow(message);
  });

  it('packs research data under its mark, which the card states first', async () => {
    const [data, code] = sampleInputs;
    const lineage = { ...sampleSpec.lineage, inputs: [{ ...data, redistribution: 'research-only' }, code] };
    await writeSampleWorkshop(folder, { spec: { lineage, use: 'research' } });
    expect((await packBundle(options)).bundle.card).toMatch(/^> \*\*Research use only\.\*\*/);
  });

  it('names a golden input of the wrong length and a folder without any', async () => {
    await writeFile(join(options.from, 'golden', '0.bin'), new Uint8Array(5));
    await expect(packBundle(options)).rejects.toThrow(/vector-0 has 5 bytes, variant int8-16 needs 512/);
    await rm(join(options.from, 'golden'), { recursive: true });
    await expect(packBundle(options)).rejects.toThrow(/no \*\.bin golden input/);
  });
});

describe('signing keys', () => {
  it('are readable by their owner only, never overwritten, and trusted by their content', async () => {
    const file = join(folder, 'key.pem');
    const key = await createSigningKey(file);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await expect(createSigningKey(file)).rejects.toMatchObject({ code: 'bundle.signing-key' });
    const keys = join(folder, 'trusted-keys.json');
    await trustKey(keys, key, 'test');
    await trustKey(keys, key, 'again');
    expect(await readTrustedKeys(keys)).toEqual([{ ...key, note: 'test' }]);
    await packBundle({ ...options, privateKey: await readSigningKey(file) });
    expect((await loadBundle(options.out, { trustedKeys: [key] })).signedBy).toBe(key.keyId);
    await writeFile(keys, JSON.stringify({ keys: [{ ...key, keyId: '0'.repeat(16), note: '' }] }));
    await expect(readTrustedKeys(keys)).rejects.toMatchObject({ code: 'bundle.keys-invalid' });
  });

  it('are refused inside a repository and when others can read them', async () => {
    await mkdir(join(folder, '.git'));
    await expect(createSigningKey(join(folder, 'from', 'key.pem'))).rejects.toThrow(/inside the repository/);
    await rm(join(folder, '.git'), { recursive: true });
    const file = join(folder, 'key.pem');
    await createSigningKey(file);
    await writeFile(join(folder, 'open.pem'), await readFile(file), { mode: 0o644 });
    await expect(readSigningKey(join(folder, 'open.pem'))).rejects.toThrow(/chmod 600/);
    await expect(readSigningKey(join(folder, 'none.pem'))).rejects.toMatchObject({ code: 'bundle.signing-key' });
  });
});
