// The words and tables of docs/optimisation.md.
import { kilobytes, percent, points, times } from './rows.mjs';

const interval = (low, high, digits = 2) => `[${percent(low, digits)}, ${percent(high, digits)}]`;

function mainTable(rows) {
  const body = rows.map((r) => {
    const loss =
      r.name === 'base/fp32'
        ? ''
        : `${points(r.difference.map)} [${points(r.difference.low)}, ${points(r.difference.high)}]`;
    const time =
      r.time === undefined
        ? ['-', '-']
        : [r.time.p50Ms.toFixed(2), `${r.time.ratio.median.toFixed(2)} (${r.time.ratio.min.toFixed(2)})`];
    const cells = [
      r.title,
      r.precision.toUpperCase(),
      (r.parameters / 1000).toFixed(1),
      (r.macs / 1e6).toFixed(0),
      kilobytes(r.bytes),
      times(r.smaller),
      ...time,
      `${percent(r.map)} ${interval(r.low, r.high)}`,
      loss,
      percent(r.f),
      r.station === undefined ? '-' : percent(r.station.map),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return `| network | file | weights, thousand | MACs, million | kB | smaller | ms p50 | time over FP32: p50 (min) | mAP, 95 % interval | against FP32, points | F | mAP by the station's path |
|---|---|---:|---:|---:|---:|---:|---:|---|---|---:|---:|
${body.join('\n')}`;
}

function commandTable(rows) {
  const steps = rows.filter((r) => r.precision === 'fp32');
  const body = steps.map(
    (r) =>
      `| ${r.title} | ${r.minutes === undefined ? '-' : r.minutes.toFixed(1)} | ${r.steps ?? '-'} | \`${r.command}\` |`,
  );
  return `| network | training, minutes | steps | command |
|---|---:|---:|---|
${body.join('\n')}`;
}

function shapeTable(summary) {
  const groups = ['stem', 'fine', 's8', 's16', 'merge'];
  const body = summary.steps
    .filter((s) => s.shape !== undefined)
    .map(
      (s) =>
        `| ${s.step} | ${groups.map((g) => s.shape[g]).join(' | ')} | ${
          s.before_training === undefined
            ? ''
            : Object.entries(s.before_training)
                .map(([k, v]) => `${k} ${percent(v, 1)}`)
                .join(', ')
        } |`,
    );
  return `| step | ${groups.join(' | ')} | mAP before training by criterion (held-out pictures) |
|---|${groups.map(() => '---:').join('|')}|---|
${body.join('\n')}`;
}

function classTable(summary, rows) {
  const body = rows.map(
    (r) =>
      `| ${r.title} | ${r.precision.toUpperCase()} | ${summary.classes.map((c) => (r.ap[c] === null ? '-' : percent(r.ap[c]))).join(' | ')} |`,
  );
  return `| network | file | ${summary.classes.join(' | ')} |
|---|---|${summary.classes.map(() => '---:').join('|')}|
${body.join('\n')}`;
}

function studyTable(study) {
  const body = study.variants.map((v) => {
    const d = v.against_base;
    return `| ${v.method} | ${v.count} | ${v.per_channel ? 'channel' : 'tensor'} | ${v.float_head ? 'float' : 'INT8'} | ${kilobytes(v.bytes)} | ${percent(v.map)} ${interval(v.low, v.high)} | ${points(d.map, 3)} [${points(d.low, 3)}, ${points(d.high, 3)}] |`;
  });
  return `| method | pictures | weights per | head | kB | mAP, 95 % interval | against FP32, points |
|---|---:|---|---|---:|---|---|
${body.join('\n')}`;
}

function sqnrTable(study) {
  const methods = Object.keys(study.sqnr);
  const body = study.sqnr[methods[0]].map((row, i) => {
    const each = methods.map((m) => study.sqnr[m][i]);
    return `| ${row.tensor} | ${row.low.toFixed(2)} to ${row.high.toFixed(2)} | ${each.map((r) => r.own.toFixed(1)).join(' | ')} | ${each.map((r) => r.whole.toFixed(1)).join(' | ')} |`;
  });
  return `| tensor | range (${methods[0]}) | ${methods.map((m) => `own, ${m}`).join(' | ')} | ${methods.map((m) => `as run, ${m}`).join(' | ')} |
|---|---|${methods.map(() => '---:|---:').join('|')}|
${body.join('\n')}`;
}

function machineText(summary, latency) {
  const m = summary.machine;
  const training = `Training and scores: ${m.processor}, ${m.cores} cores, torch ${m.torch}, onnxruntime ${m.onnxruntime}.`;
  if (latency === undefined) return `${training} Times are still to be measured.`;
  const l = latency;
  return `${training} Times: ${l.machine.cpu}, ${l.machine.cores} cores, Node ${l.machine.node}, ${l.runtime}, ${l.rounds} rounds, one run of every file a round in turning order, ${l.threads} thread, no spinning, ${l.gapMs} ms pause before each run, files optimised for the machine as the station does it; load average ${l.loadAverage.before.toFixed(2)} before, ${l.loadAverage.after.toFixed(2)} after.`;
}

/** Why some claims fall short here; what is said of sizes is computed from the files. */
function reasons(rows) {
  const of = (name) => rows.find((r) => r.name === name);
  const [base, int8, small] = [of('base/fp32'), of('base/int8'), of('student-distilled/int8') ?? of('prune-70/int8')];
  const fixed = (r, per) => `${kilobytes(r.bytes - r.parameters * per)} kB`;
  const out = [
    `- **Size.** A QDQ file holds one byte a weight and ${fixed(int8, 1)} of graph: names, scales and zero points of every tensor, 32-bit biases. The FP32 file holds four bytes a weight and ${fixed(base, 4)} of graph. The weights alone shrink 4x; the smaller the network, the more the graph weighs${small === undefined ? '' : ` (of the ${kilobytes(small.bytes)} kB of ${small.step}/int8, ${fixed(small, 1)} are graph)`}. "10-20x" is a figure for networks whose graph does not count.`,
    "- **Speed.** The story's 2-4x compares integer units with float units. Both kernels here are already vectorised (AVX-512, VNNI), a 640x640 picture makes large activations, and the first layers (two input channels, full width) are bound by memory and by copying patches, not by multiplications. These parts do not get four times faster.",
    '- **Pruning.** What is removed is whole channels, so the time falls with the multiplications and not with the weights. Narrow layers use the kernels less well: half of the multiplications is not half of the time.',
    '- **Training time.** Every row here was trained for minutes on two cores. Pruned networks and students gain from longer training; the figures are lower bounds of what the methods reach, and equal times are the fair part of the comparison.',
    '- **Teaching.** The teacher is only better than the network that it grew from as far as its own minutes allow. A student can win no more than that difference, and each of its steps costs a run of the teacher. A student that begins with random weights is far from done after minutes; a pruned network begins close to the end. "Pruned to 30 %, then taught" goes on from the pruned network, so its gain is that of the teacher and of its further minutes together.',
  ];
  return out.join('\n');
}

export function page({ summary, rows, study, latency, claims, plots }) {
  const image = (name, text) => (plots.includes(name) ? `\n![${text}](optimisation/${name}.svg)\n` : '');
  const test = summary.steps.find((s) => s.step === 'base');
  return `# Optimisation, measured on one network

\`${summary.model}\`: every optimisation of the story on the same trained network, scored on the same ${test.files.fp32.pairs} pictures (${test.scored_on}). Written by
\`node tools/optimisation-page.mjs\` from \`docs/optimisation/*.json\`; a test fails when the page is not what the figures say.

${machineText(summary, latency)}

Intervals are 95 % by drawing the test pictures again 1,000 times with replacement, the same draws for every file. The column "against FP32"
is the paired difference to the network as trained: its interval is narrow, because which pictures are in the set cancels. MACs are multiply-accumulates of one picture.

${mainTable(rows)}
${image('accuracy-latency', 'accuracy against time')}${image('accuracy-bytes', 'accuracy against size')}
## The story's claims

| claim | measured here | |
|---|---|---|
${claims.join('\n')}

${reasons(rows)}

## Post-training quantisation

${
  study === undefined
    ? 'Not measured yet.'
    : `S8 weights, U8 activations. Pictures of a smaller count are the first ones of the larger count. Percentile leaves out 0.001 % of the values on each side;
entropy minimises the Kullback-Leibler divergence of a 128-step quantisation.

${studyTable(study)}
${image('calibration', 'INT8 against FP32 by calibration method and count')}
Signal to quantisation noise in dB over ${study.sqnr_pictures} test pictures: *own* rounds the exact activation to its own 8 bits; *as run* is what the INT8 file holds
at this place, with the noise of all layers before it. A log-distance is read by \`exp\`, a logit by a sigmoid: both live with far less than an image would.

${sqnrTable(study)}
${image('sqnr', 'signal to quantisation noise by tensor')}`
}
## Widths

Pruning removes whole channels in lots of 8 from five groups of layers that must keep equal widths (\`models/workshop/channels.py\`).

${shapeTable(summary)}

## Average precision by class, %

${classTable(summary, rows)}

## Commands

Each row again. All of them in order, skipping what is done: \`npx nx run models:optimise --model ${summary.model}\`; then

    node tools/run.mjs libs/inference/src/time-models-cli.ts --from models/${summary.model}/out/optimise --out docs/optimisation/latency.json
    node tools/run.mjs apps/manufacturing-inspection/src/evaluate/models-main.ts --data DEEPPCB --from models/${summary.model}/out/optimise --out docs/optimisation/station.json
    node tools/optimisation-page.mjs --from models/${summary.model}/out/optimise/summary.json

Minutes are time on the clock: where other jobs ran beside a training, it got fewer steps out of them, so the steps are the measure of
how much a network was trained. The seed is ${summary.steps[0].seed} everywhere.

${commandTable(rows)}
`;
}
