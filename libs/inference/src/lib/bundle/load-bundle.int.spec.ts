import { mkdir, readFile, readdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { loadBundle, type LoadBundleOptions } from './load-bundle.js';
import {
  listed,
  otherKey,
  removeBundles,
  sampleBundle,
  signingKey,
  trustedKeys,
  writeBundle,
} from './testing/sample-bundle.js';

afterEach(removeBundles);

/** Codes of all problems, gravest first; empty when the bundle is accepted. */
async function refusal(folder: string, options: Partial<LoadBundleOptions> = {}): Promise<readonly string[]> {
  try {
    await loadBundle(folder, { trustedKeys, ...options });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const problems = error.context['problems'];
    const codes = Array.isArray(problems) ? problems.map((problem: { code: string }) => problem.code) : [];
    expect(codes[0]).toBe(error.code);
    for (const code of codes.slice(0, 20)) expect(error.message).toContain(code);
    return codes;
  }
}

const allFiles = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

describe('loadBundle', () => {
  it('gives the verified model of each variant with its own copy of the bytes', async () => {
    const sample = sampleBundle();
    const folder = await writeBundle(sample);
    const bundle = await loadBundle(folder, { trustedKeys, expectTask: 'object-detection', minimumRevision: 3 });
    const model = bundle.variant('int8-16');
    expect(model).toMatchObject({ bundle: 'sample', version: '1.0.3', variant: 'int8-16', precision: 'int8' });
    expect(model.modelDigest).toBe(bundle.manifest.files['int8.onnx']?.sha256);
    expect(Buffer.from(model.bytes)).toEqual(Buffer.from(sample.files.get('int8.onnx') ?? []));
    model.bytes.fill(0);
    expect(bundle.variant('int8-16').bytes).not.toEqual(model.bytes);
    expect(bundle.signedBy).toBe(trustedKeys[0]?.keyId);
    expect(bundle.card).toBe('# card\n');
    expect(bundle.golden('fp32-16')[0]?.outputs['boxes']?.data).toEqual(new Float32Array(16).fill(5));
  });

  it('keeps what it verified when the folder changes afterwards', async () => {
    const folder = await writeBundle(sampleBundle());
    const bundle = await loadBundle(folder, { trustedKeys });
    const before = bundle.variant('int8-16').bytes;
    await rm(folder, { recursive: true });
    expect(bundle.variant('int8-16').bytes).toEqual(before);
  });

  it('names the known variants when asked for an unknown one', async () => {
    const bundle = await loadBundle(await writeBundle(sampleBundle()), { trustedKeys });
    expect(() => bundle.variant('int8-320')).toThrow(/no variant "int8-320".*int8-16, fp32-16/);
  });
});

describe('loadBundle refuses', () => {
  it('a bundle in which any one byte of any file was flipped', async () => {
    const folder = await writeBundle(sampleBundle());
    const files = await allFiles(folder);
    expect(files).toHaveLength(8);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (file, at, mask) => {
          const bytes = await readFile(file);
          const changed = Buffer.from(bytes);
          changed[at % bytes.length] = (changed[at % bytes.length] ?? 0) ^ mask;
          await writeFile(file, changed);
          try {
            expect(await refusal(folder)).not.toEqual([]);
          } finally {
            await writeFile(file, bytes);
          }
        },
      ),
      { numRuns: 150 },
    );
    expect(await refusal(folder)).toEqual([]);
  });

  it('a bundle in which any file was truncated, and names the file', async () => {
    const folder = await writeBundle(sampleBundle());
    for (const file of await allFiles(folder)) {
      const bytes = await readFile(file);
      await truncate(file, Math.floor(bytes.length / 2));
      const codes = await refusal(folder);
      if (file.endsWith('bundle.json')) expect(codes).toContain('bundle.signature-invalid');
      else if (file.endsWith('bundle.sig.json')) expect(codes).toEqual(['bundle.signature-malformed']);
      else expect(codes[0]).toBe('bundle.truncated');
      await writeFile(file, bytes);
    }
  });

  it('files that were swapped although both are listed', async () => {
    const sample = sampleBundle();
    sample.files.set('fp32.onnx', new Uint8Array(64).fill(9));
    const folder = await writeBundle(sample);
    await rename(join(folder, 'int8.onnx'), join(folder, 'swap'));
    await rename(join(folder, 'fp32.onnx'), join(folder, 'int8.onnx'));
    await rename(join(folder, 'swap'), join(folder, 'fp32.onnx'));
    expect(await refusal(folder)).toEqual(['bundle.digest-mismatch', 'bundle.digest-mismatch']);
  });

  it('a longer file, a missing file and an unlisted file, all in one error', async () => {
    const folder = await writeBundle(sampleBundle());
    await writeFile(join(folder, 'int8.onnx'), new Uint8Array(65));
    await rm(join(folder, 'card.md'));
    await mkdir(join(folder, 'more'));
    await writeFile(join(folder, 'more', 'extra.txt'), 'hello');
    expect(await refusal(folder)).toEqual(['bundle.file-missing', 'bundle.too-large', 'bundle.file-unlisted']);
  });

  it('a folder or a manifest that is not there', async () => {
    const folder = await writeBundle(sampleBundle());
    expect(await refusal(join(folder, 'nowhere'))).toEqual(['bundle.folder-missing']);
    await rm(join(folder, 'bundle.json'));
    expect(await refusal(folder)).toEqual(['bundle.manifest-missing']);
  });

  it.each(['int8.onnx', 'bundle.json', 'golden'])(
    'a link in the place of %s, even to the right content',
    async (name) => {
      const folder = await writeBundle(sampleBundle());
      const away = await writeBundle(sampleBundle());
      await rm(join(folder, name), { recursive: true });
      await symlink(join(away, name), join(folder, name));
      expect(await refusal(folder)).toContain('bundle.not-a-file');
    },
  );

  it('a bundle that somebody else signed, and one signed by a key under a trusted name', async () => {
    expect(await refusal(await writeBundle(sampleBundle(), otherKey))).toEqual(['bundle.key-unknown']);
    const forged = await writeBundle(sampleBundle(), otherKey);
    const file = join(forged, 'bundle.sig.json');
    const content = await readFile(file, 'utf8');
    await writeFile(file, content.replace(/"keyId": "[0-9a-f]+"/, `"keyId": "${trustedKeys[0]?.keyId ?? ''}"`));
    expect(await refusal(forged)).toEqual(['bundle.signature-invalid']);
  });

  it('a signature file that says the same in other bytes', async () => {
    const folder = await writeBundle(sampleBundle());
    const file = join(folder, 'bundle.sig.json');
    const content = await readFile(file, 'utf8');
    for (const other of [
      `${content} `,
      content.replace('\n', '\r\n'),
      JSON.stringify(JSON.parse(content)),
      content.replace('==', '\\u003d='),
    ]) {
      await writeFile(file, other);
      expect(await refusal(folder)).toEqual(['bundle.signature-malformed']);
    }
  });

  it('an unsigned bundle unless that is allowed, and a wrong signature even then', async () => {
    const folder = await writeBundle(sampleBundle());
    await rm(join(folder, 'bundle.sig.json'));
    expect(await refusal(folder)).toEqual(['bundle.signature-missing']);
    expect((await loadBundle(folder, { trustedKeys, allowUnsigned: true })).signedBy).toBeNull();
    const other = await writeBundle(sampleBundle(), otherKey);
    expect(await refusal(other, { allowUnsigned: true })).toEqual(['bundle.key-unknown']);
  });

  it('an older revision that is replayed', async () => {
    const folder = await writeBundle(sampleBundle());
    expect(await refusal(folder, { minimumRevision: 4 })).toEqual(['bundle.rollback']);
    expect(await refusal(folder, { minimumRevision: 3 })).toEqual([]);
  });

  it('a bundle for another task', async () => {
    expect(await refusal(await writeBundle(sampleBundle()), { expectTask: 'anomaly-detection' })).toEqual([
      'bundle.task-mismatch',
    ]);
  });

  it.each(['../int8.onnx', '/etc/passwd', 'a/../../b', 'a\\b', 'C:/x', './card.md', 'bundle.json'])(
    'a signed manifest that lists %s',
    async (path) => {
      const sample = sampleBundle();
      const manifest = listed(sample);
      const content = { ...manifest, files: { ...manifest.files, [path]: manifest.files['card.md'] } };
      expect(await refusal(await writeBundle(sample, signingKey, content))).toEqual(['bundle.path-escape']);
      const variants = manifest.variants.map((variant) => ({ ...variant, file: path }));
      const codes = await refusal(await writeBundle(sample, signingKey, { ...manifest, variants }));
      expect(codes).toEqual(['bundle.path-escape', 'bundle.path-escape']);
    },
  );

  it('a signed manifest with unknown, missing and wrong fields, all in one error', async () => {
    const sample = sampleBundle();
    const { labels: _labels, ...manifest } = listed(sample);
    const content = { ...manifest, revision: 0, threshhold: 1 };
    expect(await refusal(await writeBundle(sample, signingKey, content))).toEqual(
      Array(3).fill('bundle.manifest-invalid'),
    );
  });

  it('a golden file whose content has another length than its shape', async () => {
    const sample = sampleBundle();
    sample.files.set('golden/one.boxes.gz', new Uint8Array([1, 2, 3]));
    expect(await refusal(await writeBundle(sample))).toEqual(['bundle.shape-mismatch', 'bundle.shape-mismatch']);
  });

  it('a signed manifest that contradicts itself', async () => {
    const sample = sampleBundle();
    const manifest = listed(sample);
    const content = { ...manifest, thresholds: manifest.thresholds.slice(1) };
    expect(await refusal(await writeBundle(sample, signingKey, content))).toEqual(['bundle.inconsistent']);
  });
});
