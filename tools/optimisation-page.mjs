// Writes docs/optimisation.md and its plots from docs/optimisation/*.json. `--check` only compares; `--from FILE` takes a new
// summary.json of `nx run models:optimise` over first.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { claimRows } from './optimisation/claims.mjs';
import { bars, lines, scatter } from './optimisation/plots.mjs';
import { page } from './optimisation/page.mjs';
import { percent, rowsOf } from './optimisation/rows.mjs';

const docs = new URL('../docs/', import.meta.url);
const inputs = new URL('optimisation/', docs);

function read(name) {
  const file = new URL(name, inputs);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** All files of the page: path in docs/ -> content. */
function files() {
  const summary = read('summary.json');
  if (summary === undefined)
    throw new Error('docs/optimisation/summary.json is not there: run nx run models:optimise, then this with --from');
  const latency = read('latency.json');
  const rows = rowsOf(summary, latency, read('station.json'));
  const study = summary.steps.find((step) => step.step === 'calibration');
  const plots = {};
  const mark = (x) => (row) => ({
    x: x(row),
    y: row.map * 100,
    low: row.low * 100,
    high: row.high * 100,
    label: row.step,
    series: row.precision === 'int8' ? 1 : 0,
  });
  const timed = rows.filter((row) => row.time !== undefined);
  if (timed.length > 0)
    plots['accuracy-latency'] = scatter('Accuracy against time of one picture', timed.map(mark((r) => r.time.p50Ms)), {
      xLabel: 'median time of one run on one thread, ms',
      xText: String,
    });
  plots['accuracy-bytes'] = scatter('Accuracy against size', rows.map(mark((r) => r.bytes / 1000)), {
    xLabel: 'ONNX file, kB',
    xText: String,
  });
  if (study !== undefined) {
    const series = ['minmax', 'percentile', 'entropy'].map((method) => ({
      label: method,
      points: study.variants
        .filter((v) => v.method === method && v.per_channel && !v.float_head)
        .map((v) => ({
          x: v.count,
          y: v.against_base.map * 100,
          low: v.against_base.low * 100,
          high: v.against_base.high * 100,
        })),
    }));
    const measured = series.filter(({ points }) => points.length > 0);
    plots['calibration'] = lines('INT8 against FP32 by calibration', measured, {
      xLabel: 'calibration pictures',
      yLabel: 'mAP difference, points (95 % interval)',
    });
    const tensors = study.sqnr.minmax.map((r) => ({ label: r.tensor, own: r.own, whole: r.whole }));
    plots['sqnr'] = bars(`Signal to quantisation noise by tensor, ${study.sqnr_of}`, tensors, ['its own', 'as run']);
  }
  const named = Object.fromEntries(Object.entries(plots).map(([name, svg]) => [`optimisation/${name}.svg`, svg]));
  return {
    ...named,
    'optimisation.md': page({
      summary,
      rows,
      study,
      latency,
      claims: claimRows(rows),
      plots: Object.keys(plots),
      percent,
    }),
  };
}

const args = process.argv.slice(2);
try {
  const from = args.indexOf('--from');
  if (from >= 0) writeFileSync(new URL('summary.json', inputs), readFileSync(args[from + 1] ?? ''));
  const stale = [];
  for (const [name, content] of Object.entries(files())) {
    const file = new URL(name, docs);
    if (!args.includes('--check')) writeFileSync(file, content);
    else if (!existsSync(file) || readFileSync(file, 'utf8') !== content) stale.push(`docs/${name}`);
  }
  if (stale.length > 0) {
    process.stderr.write(`not current: ${stale.join(', ')}; run node tools/optimisation-page.mjs\n`);
    process.exitCode = 1;
  }
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
