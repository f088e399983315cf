import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeEngine } from '@edge-blueprints/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from './bundle-files.js';
import { signManifest } from './bundle-signature.js';
import type { BundleManifest } from './manifest.js';
import { packBundle } from './pack-bundle.js';
import { createPackingEngine } from './packing-engine.js';
import { checkRelease, type ReleaseCheckDeps } from './release-check.js';
import { sampleCompute, sampleInputs, signingKey, trustedKeys } from './testing/sample-bundle.js';
import { writeSampleWorkshop } from './testing/sample-workshop.js';

let folder: string;
let packed: string;
let copies = 0;
const deps: ReleaseCheckDeps = { trustedKeys, createEngine: () => createFakeEngine({ compute: sampleCompute }) };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edge-release-'));
  packed = join(folder, 'bundle');
  await packBundle({
    ...(await writeSampleWorkshop(folder)),
    out: packed,
    privateKey: signingKey,
    createEngine: deps.createEngine,
  });
});
afterAll(() => rm(folder, { recursive: true }));

/** A copy of the bundle whose owner of the key changed something and signed it again. */
async function signedAgain(change: {
  readonly manifest?: (manifest: BundleManifest) => object;
  readonly files?: Readonly<Record<string, (bytes: Buffer) => Uint8Array | string>>;
}): Promise<string> {
  const copy = join(folder, `copy-${copies++}`);
  await cp(packed, copy, { recursive: true });
  const manifest: BundleManifest = JSON.parse(await readFile(join(copy, 'bundle.json'), 'utf8'));
  for (const [file, edit] of Object.entries(change.files ?? {})) {
    const bytes = Buffer.from(edit(await readFile(join(copy, file))));
    await writeFile(join(copy, file), bytes);
    manifest.files[file] = { sha256: sha256Hex(bytes), bytes: bytes.length };
  }
  const content = Buffer.from(JSON.stringify(change.manifest?.(manifest) ?? manifest, null, 2));
  await writeFile(join(copy, 'bundle.json'), content);
  await writeFile(join(copy, 'bundle.sig.json'), signManifest(content, signingKey));
  return copy;
}

const failures = async (bundle: string, use = deps) =>
  (await checkRelease(bundle, use)).filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`);

describe('the release gate', () => {
  it('passes a packed bundle, one line a check', async () => {
    const checks = await checkRelease(packed, deps);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual([
      ...['signature', 'files', 'contract', 'tensors int8-16', 'golden int8-16', 'tensors fp32-16', 'golden fp32-16'],
      ...['licences', 'agreement', 'figures', 'template', 'card'],
    ]);
    expect(checks.every(({ detail }) => detail !== '' && !detail.includes('\n'))).toBe(true);
  });

  it('refuses a flipped weight byte by its digest', async () => {
    const copy = join(folder, 'flipped');
    await cp(packed, copy, { recursive: true });
    const bytes = await readFile(join(copy, 'int8.onnx'));
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    await writeFile(join(copy, 'int8.onnx'), bytes);
    expect(await failures(copy)).toEqual([
      expect.stringMatching(/^files: bundle\.digest-mismatch: int8\.onnx has SHA-256/),
      expect.stringMatching(/not checked, because the bundle does not load/),
    ]);
  });

  it('refuses a bundle that the station computes otherwise than it was validated', async () => {
    const drifting = () =>
      createFakeEngine({ compute: (inputs) => ({ ...sampleCompute(inputs), scores: sampleCompute({}).scores! }) });
    expect(await failures(packed, { ...deps, createEngine: drifting })).toEqual([
      expect.stringMatching(/^golden int8-16: .*does not compute what was validated/),
      expect.stringMatching(/^golden fp32-16:/),
    ]);
  });

  it('refuses a card that was edited, although it was signed', async () => {
    const edited = await signedAgain({ files: { 'card.md': (bytes) => bytes.toString().replace('0.97', '0.99') } });
    expect(await failures(edited)).toEqual([
      expect.stringMatching(/^card: card\.md differs in line \d+ .*never typed/),
    ]);
  });

  it('refuses a template that states figures by hand or hides what a reader needs', async () => {
    const typed = await signedAgain({
      files: { 'card.template.md': (bytes) => `${bytes.toString().replace('{{agreement}}', '')}mAP of 99.9 %` },
    });
    const found = await failures(typed);
    expect(found[0]).toMatch(/^template: the template lacks \{\{agreement\}\}\n.*states a figure by hand: "mAP of 99/);
  });

  it('refuses a missing figure and names it', async () => {
    const without = await signedAgain({
      manifest: (manifest) => ({ ...manifest, metrics: { ...manifest.metrics, station: { map: '97 %' } } }),
    });
    expect((await failures(without))[0]).toBe(
      [
        'figures: the metrics lack "station.command", which the card must show',
        'the metrics lack "station.at_verdict_thresholds.recall", which the card must show',
        'the metrics lack "station.false_rejects.", which the card must show',
      ].join('\n'),
    );
  });

  it('refuses a forbidden licence, an unmarked research licence and a record with gaps', async () => {
    const [data, code] = sampleInputs;
    const withInputs = (inputs: unknown, use?: string) =>
      signedAgain({
        manifest: (manifest) => ({
          ...manifest,
          lineage: { ...manifest.lineage, inputs },
          ...(use === undefined ? {} : { use }),
        }),
      });
    const forbidden = await withInputs([{ ...data, redistribution: 'forbidden' }, code], 'research');
    expect((await failures(forbidden))[0]).toMatch(
      /^licences: bundle\.licence-forbidden: data "rendered boards" .* forbids/,
    );
    const unmarked = await withInputs([{ ...data, redistribution: 'unknown' }, code]);
    expect((await failures(unmarked))[0]).toMatch(
      /^licences: bundle\.licence-unmarked: .* is unknown; mark the bundle/,
    );
    const gap = await withInputs([data]);
    expect((await failures(gap))[0]).toBe('licences: lineage.inputs names no code');
  });

  it('refuses agreement figures that lie outside of their tolerance, or that are not there', async () => {
    const change = (agreement: (entries: NonNullable<BundleManifest['agreement']>) => object[]) =>
      signedAgain({
        manifest: (manifest) => ({ ...manifest, agreement: agreement(manifest.agreement ?? []) }),
      });
    const apart = await change(([first, ...rest]) => [{ ...first, mean: 0.5 }, ...rest]);
    expect((await failures(apart))[0]).toBe(
      'agreement: "scores" of pytorch and onnx int8 lies outside of its tolerance',
    );
    const none = await change(() => []);
    expect((await failures(none))[0]).toMatch(/^agreement: output "scores" of int8-16 was compared with no other path/);
  });
});

describe('the release gate with the real engine', () => {
  const bundles = new URL('../../../../../models/bundles/', import.meta.url).pathname;

  it('finds one changed weight in a file that was signed again', { timeout: 60_000 }, async () => {
    const copy = join(folder, 'real');
    await cp(join(bundles, 'pcb-defects'), copy, { recursive: true });
    const manifest: BundleManifest = JSON.parse(await readFile(join(copy, 'bundle.json'), 'utf8'));
    const file = 'fp32.onnx';
    const bytes = await readFile(join(copy, file));
    // The last weights of the file are those of the head; a float whose exponent changes moves every box or score.
    const at = lastSmallFloat(bytes);
    bytes.writeFloatLE(bytes.readFloatLE(at) + 1, at);
    await writeFile(join(copy, file), bytes);
    manifest.files[file] = { sha256: sha256Hex(bytes), bytes: bytes.length };
    const content = Buffer.from(JSON.stringify(manifest, null, 2));
    await writeFile(join(copy, 'bundle.json'), content);
    await writeFile(join(copy, 'bundle.sig.json'), signManifest(content, signingKey));
    const found = await failures(copy, { trustedKeys, createEngine: createPackingEngine });
    expect(found[0]).toMatch(/^golden fp32-640: .*does not compute what was validated/);
    expect(found.some((line) => line.startsWith('golden int8-640'))).toBe(false);
  });
});

/** The middle of 64 plausible weights in a row, searched from the end. */
function lastSmallFloat(bytes: Buffer): number {
  const runs = [0, 0, 0, 0];
  for (let at = bytes.length - 4; at > 0; at--) {
    const value = Math.abs(bytes.readFloatLE(at));
    const run = value > 1e-6 && value < 4 ? (runs[at % 4] ?? 0) + 1 : 0;
    if (run === 64) return at + 128;
    runs[at % 4] = run;
  }
  throw new RangeError('no weights found');
}
