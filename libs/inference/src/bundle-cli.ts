import { parseArgs } from 'node:util';
import { readdir, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ConfigError, EdgeError, UsageError, errorMessage } from '@edge-blueprints/contracts';
import { readTrustedKeys } from './lib/bundle/bundle-signature.js';
import { loadBundle, type LoadedBundle } from './lib/bundle/load-bundle.js';
import { bundleJsonSchema } from './lib/bundle/manifest.js';
import { packBundle } from './lib/bundle/pack-bundle.js';
import { checkRelease } from './lib/bundle/release-check.js';
import { createSigningKey, publicKeyOf, readSigningKey, trustKey } from './lib/bundle/signing-key.js';
import type { GoldenComparison } from './lib/bundle/golden-comparison.js';
import { verifyGolden } from './lib/bundle/verify-golden.js';
import { createPackingEngine } from './lib/bundle/packing-engine.js';
import { runWrap, terminalAsk, wrapHelp, wrapOptions } from './wrap-command.js';

const help = `Model bundles: pack, sign and verify.

  bundle-cli verify FOLDER [--trusted-keys FILE] [--task TASK] [--minimum-revision N] [--no-run]
      Refuses a bundle that was changed, and runs its golden vectors unless --no-run.
  bundle-cli release [FOLDER...] [--trusted-keys FILE] [--bundles FOLDER]
      The release gate: checks each bundle (every one in --bundles, models/bundles when left out) as a station would, and
      that its licences, agreement, figures and card are complete. One line a check.
  bundle-cli pack --from FOLDER --spec FILE --out FOLDER --key FILE [--draft | --without-metrics]
      Packs, signs, checks and replaces the bundle folder; the revision rises by one. --draft: before the station's own
      figures are there, to measure them with npm run evaluate; the release gate refuses a draft.
  bundle-cli wrap FILE.onnx --out FOLDER --key FILE [--from-settings FILE] [--save-settings FILE] [flags]
      Makes a bundle of a detector or pose model of people that was made elsewhere. Looks into the file, takes the rest from
      flags, a settings file or questions on the terminal; without one it names everything that is still open.
${wrapHelp}
  bundle-cli keygen --out FILE [--trusted-keys FILE] [--note TEXT]
      Writes a private Ed25519 key (mode 0600, never inside a repository) and, with --trusted-keys, adds its public half there.
  bundle-cli trust --key FILE --trusted-keys FILE [--note TEXT]
      Adds the public half of an existing key.
  bundle-cli schema --out FILE
      Writes the JSON Schema of bundle.json.

  --trusted-keys defaults to models/bundles/trusted-keys.json.
  Exit code: 0 done, 1 refused or failed, 2 wrong use.
`;

const options = {
  help: { type: 'boolean', short: 'h' },
  'trusted-keys': { type: 'string', default: 'models/bundles/trusted-keys.json' },
  task: { type: 'string' },
  'minimum-revision': { type: 'string' },
  'no-run': { type: 'boolean' },
  from: { type: 'string' },
  spec: { type: 'string' },
  out: { type: 'string' },
  key: { type: 'string' },
  bundles: { type: 'string', default: 'models/bundles' },
  note: { type: 'string', default: '' },
  'without-metrics': { type: 'boolean' },
  draft: { type: 'boolean' },
  'from-settings': { type: 'string' },
  'save-settings': { type: 'string' },
} as const;

type Values = ReturnType<typeof read>['values'];
const read = (args: string[]) =>
  parseArgs({ args, options: { ...wrapOptions, ...options }, allowPositionals: true, strict: true });

const verbs: Readonly<
  Record<string, (values: Values, rest: readonly string[], given: readonly string[]) => Promise<void>>
> = {
  verify,
  release,
  pack,
  wrap,
  keygen: async (values, _rest, given) => {
    const key = await createSigningKey(need(values, 'out'));
    if (given.some((argument) => argument.startsWith('--trusted-keys')))
      await trustKey(values['trusted-keys'], key, values.note);
    console.log(JSON.stringify({ ...key, note: values.note }, null, 2));
  },
  trust: async (values) => {
    const key = publicKeyOf(await readSigningKey(need(values, 'key')));
    await trustKey(values['trusted-keys'], key, values.note);
    console.log(`${values['trusted-keys']} trusts key ${key.keyId}`);
  },
  schema: async (values) => {
    const out = need(values, 'out');
    await writeFile(`${out}.draft`, bundleJsonSchema());
    await rename(`${out}.draft`, out);
    console.log(`wrote ${out}`);
  },
};

function need(values: Values, name: 'from' | 'spec' | 'out' | 'key'): string {
  const value = values[name];
  if (value === undefined) throw new UsageError('bundle.cli-usage', `--${name} is missing; see --help`);
  return value;
}

async function verify(values: Values, [folder]: readonly string[]): Promise<void> {
  if (folder === undefined) throw new UsageError('bundle.cli-usage', 'verify needs the bundle folder; see --help');
  const minimum = values['minimum-revision'];
  if (minimum !== undefined && !/^\d{1,9}$/.test(minimum)) {
    throw new UsageError('bundle.cli-usage', `--minimum-revision must be a whole number, got "${minimum}"`);
  }
  const bundle = await loadBundle(folder, {
    trustedKeys: await readTrustedKeys(values['trusted-keys']),
    ...(values.task === undefined ? {} : { expectTask: values.task }),
    ...(minimum === undefined ? {} : { minimumRevision: Number(minimum) }),
  });
  describe(bundle);
  if (values['no-run'] === true) return;
  for (const { id } of bundle.manifest.variants) {
    const engine = createPackingEngine();
    try {
      await engine.load(bundle.variant(id));
      describeGolden(id, await verifyGolden(engine, bundle, id));
    } finally {
      await engine.dispose();
    }
  }
}

async function release(values: Values, given: readonly string[]): Promise<void> {
  const trustedKeys = await readTrustedKeys(values['trusted-keys']);
  const folders = given.length > 0 ? given : await bundleFolders(values.bundles);
  let failed = 0;
  let passed = 0;
  for (const folder of folders) {
    for (const { name, ok, detail } of await checkRelease(folder, { trustedKeys, createEngine: createPackingEngine })) {
      if (ok) passed++;
      else failed++;
      const [first = '', ...more] = detail.split('\n');
      console.log(`${ok ? 'ok  ' : 'FAIL'}  ${basename(folder).padEnd(20)}  ${name.padEnd(18)}  ${first}`);
      for (const line of more) console.log(`${' '.repeat(48)}${line.trim()}`);
    }
  }
  console.log(`${folders.length} bundles: ${passed} checks passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

async function bundleFolders(parent: string): Promise<readonly string[]> {
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => join(parent, entry.name));
  if (folders.length > 0) return folders.sort();
  throw new ConfigError('bundle.folder-missing', `${parent} holds no bundle folder; give folders, or --bundles FOLDER`);
}

async function pack(values: Values): Promise<void> {
  const { bundle, bytes, golden } = await packBundle({
    from: need(values, 'from'),
    spec: need(values, 'spec'),
    out: need(values, 'out'),
    privateKey: await readSigningKey(need(values, 'key')),
    createEngine: createPackingEngine,
    withoutMetrics: values['without-metrics'] === true,
    draft: values.draft === true,
  });
  describe(bundle);
  for (const [id, comparisons] of Object.entries(golden)) describeGolden(id, comparisons);
  console.log(`packed ${Object.keys(bundle.manifest.files).length + 2} files, ${(bytes / 1024).toFixed(0)} KiB`);
}

async function wrap(values: Values, [file]: readonly string[]): Promise<void> {
  const terminal = terminalAsk();
  try {
    const { bundle, bytes, golden, assumed } = await runWrap({
      ...{ file, out: need(values, 'out'), key: need(values, 'key'), flags: values, ask: terminal.ask },
      ...{ fromSettings: values['from-settings'], saveSettings: values['save-settings'] },
    });
    describe(bundle);
    for (const line of assumed) console.log(`  ${line}`);
    for (const [id, comparisons] of Object.entries(golden)) describeGolden(id, comparisons);
    console.log(`wrapped ${Object.keys(bundle.manifest.files).length + 2} files, ${(bytes / 1024).toFixed(0)} KiB`);
    console.log(
      'Nothing was measured on pictures: read card.md, then npm run people -- --bundle FOLDER --data PICTURES',
    );
  } finally {
    terminal.close();
  }
}

function describe({ folder, manifest, signedBy, digest }: LoadedBundle): void {
  console.log(`${folder}: ${manifest.name} ${manifest.version}, revision ${manifest.revision}, task ${manifest.task}`);
  console.log(`  signed by ${signedBy ?? 'nobody'}, manifest SHA-256 ${digest}`);
  for (const variant of manifest.variants) {
    const entry = manifest.files[variant.file];
    console.log(`  ${variant.id}: ${variant.file}, ${entry?.bytes ?? 0} bytes, SHA-256 ${entry?.sha256 ?? ''}`);
  }
}

function describeGolden(id: string, comparisons: readonly GoldenComparison[]): void {
  for (const { vector, output, values, outliers, largestDifference } of comparisons) {
    const difference = largestDifference.toPrecision(3);
    console.log(
      `  ${id} golden ${vector} ${output}: ${outliers} of ${values} values outside of the tolerance, largest difference ${difference}`,
    );
  }
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const { values, positionals } = read(args);
  const [name, ...rest] = positionals;
  if (values.help === true) return void process.stdout.write(help);
  const verb = name !== undefined && Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (verb === undefined)
    throw new UsageError(
      'bundle.cli-usage',
      `${name === undefined ? 'A verb is missing' : `Unknown verb "${name}"`}; see --help`,
    );
  await verb(values, rest, args);
}

main().catch((error: unknown) => {
  console.error(errorMessage(error));
  const parseError = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  process.exitCode = parseError || (error instanceof UsageError && error.code === 'bundle.cli-usage') ? 2 : 1;
  if (!(error instanceof EdgeError) && !parseError && error instanceof Error) console.error(error.stack);
});
