// Writes the section "Defect model against the field" of docs/benchmarks.md from docs/benchmarks/field.json.
//
//   node tools/benchmarks-page.mjs --data DIR    scores every defect bundle and the template difference on the labelled
//                                                pairs of DIR (npm run evaluate), then writes both files
//   node tools/benchmarks-page.mjs --from FILE   takes a report of npm run evaluate -- --json over instead (may be repeated)
//   node tools/benchmarks-page.mjs               writes the page from the figures that are there
//   --check                                      writes nothing; exit 1 when the page is not what the figures give
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { published } from './benchmarks/published.mjs';
import { fieldSection, placeSection } from './benchmarks/section.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = join(root, 'docs/benchmarks.md');
const figuresFile = join(root, 'docs/benchmarks/field.json');
const bundles = ['pcb-defects', 'pcb-defects-rendered'];

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    from: { type: 'string', multiple: true, default: [] },
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) {
  const head = readFileSync(fileURLToPath(import.meta.url), 'utf8').split('\nimport ')[0] ?? '';
  console.log(head.replaceAll(/^\/\/ ?/gm, ''));
  process.exit(0);
}

/** What of a report the page needs. Paths and latencies stay out: the first is private, the bench has the second. */
const figuresOf = ({ bundle, version, variant, modelDigest, detection, falseRejects, baseline, comparison }) => ({
  bundle,
  version,
  variant,
  modelDigest,
  detection,
  falseRejects,
  ...(baseline === undefined ? {} : { baseline }),
  ...(comparison === undefined ? {} : { comparison }),
});

function measured(data) {
  const scratch = mkdtempSync(join(tmpdir(), 'edge-field-'));
  try {
    return bundles
      .filter((name) => existsSync(join(root, 'models/bundles', name, 'bundle.json')))
      .map((name, i) => {
        const out = join(scratch, `${name}.json`);
        const run = ['tools/run.mjs', 'apps/manufacturing-inspection/src/evaluate/main.ts', '--data', data];
        run.push('--bundle', `models/bundles/${name}`, '--template-pairs', '--compare', 'fp32-640', '--json', out);
        if (i === 0) run.push('--baseline');
        execFileSync(process.execPath, run, { cwd: root, stdio: 'inherit' });
        return JSON.parse(readFileSync(out, 'utf8'));
      });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function write(file, text) {
  writeFileSync(`${file}.next`, text);
  renameSync(`${file}.next`, file);
}

const taken =
  values.data === undefined ? values.from.map((file) => JSON.parse(readFileSync(file, 'utf8'))) : measured(values.data);
const known = existsSync(figuresFile) ? JSON.parse(readFileSync(figuresFile, 'utf8')).reports : [];
const fresh = taken.map(figuresOf);
const reports = [...known.filter(({ bundle }) => !fresh.some((each) => each.bundle === bundle)), ...fresh].sort(
  (a, b) => (a.bundle < b.bundle ? -1 : 1),
);
if (reports.length === 0) throw new Error('There are no figures: give --data DIR with labelled pairs, or --from FILE.');
const text = placeSection(readFileSync(page, 'utf8'), fieldSection(reports, published));
if (values.check) {
  if (text !== readFileSync(page, 'utf8')) {
    process.stderr.write(
      'docs/benchmarks.md is not what docs/benchmarks/field.json gives: run node tools/benchmarks-page.mjs\n',
    );
    process.exitCode = 1;
  }
} else {
  mkdirSync(join(root, 'docs/benchmarks'), { recursive: true });
  if (fresh.length > 0) write(figuresFile, `${JSON.stringify({ format: 'edge-field/1', reports }, null, 2)}\n`);
  write(page, text);
}
