// One row a model file, joined from what the workshop, the timing run and the station's path measured.

/** Names of the steps for people. */
const titles = {
  base: 'as trained',
  teacher: 'teacher, 4x the work',
  'prune-50': 'pruned to half',
  'prune-70': 'pruned to 30 %',
  'student-alone': 'student, alone',
  'student-distilled': 'student, taught',
  'prune-70-distilled': 'pruned to 30 %, then taught',
  qat: 'quantisation-aware training',
};

/**
 * @param summary what `nx run models:optimise` left, @param latency of time-models-cli, @param station of models-main; the last
 * two may be undefined while they are still to be measured
 * @throws Error when figures belong to other files than the summary's
 */
export function rowsOf(summary, latency, station) {
  const rows = summary.steps
    .filter((step) => step.files !== undefined)
    .flatMap((step) => ['fp32', 'int8'].map((precision) => row(step, precision, latency, station)));
  const base = rows.find((each) => each.name === 'base/fp32');
  if (base === undefined) throw new Error('summary.json has no step base; run nx run models:optimise first');
  return rows.map((each) => ({
    ...each,
    smaller: base.bytes / each.bytes,
    weightsLeft: each.parameters / base.parameters,
    macsLeft: each.macs / base.macs,
    faster: each.time === undefined || base.time === undefined ? undefined : 1 / each.time.ratio.median,
    fasterMin: each.time === undefined ? undefined : 1 / each.time.ratio.min,
    loss: each.name === 'base/fp32' ? 0 : -each.difference.map,
  }));
}

function row(step, precision, latency, station) {
  const name = `${step.step}/${precision}`;
  const file = step.files[precision];
  return {
    name,
    step: step.step,
    precision,
    title: titles[step.step] ?? step.step,
    method: step.method,
    parameters: step.parameters,
    macs: step.macs,
    bytes: file.bytes,
    map: file.map,
    low: file.low,
    high: file.high,
    f: file.f,
    ap: file.ap,
    difference: file.against_base ?? { map: 0, low: 0, high: 0 },
    minutes: step.minutes,
    steps: step.steps,
    command: step.command,
    time: matching(latency?.models, name, file.sha256, 'latency.json'),
    station: matching(station?.models, name, file.sha256, 'station.json'),
  };
}

function matching(models, name, sha256, where) {
  const found = models?.find((each) => each.name === name);
  if (found !== undefined && found.sha256 !== sha256) {
    throw new Error(
      `${where}: ${name} was measured on another file (${found.sha256.slice(0, 12)}, the step has ${sha256.slice(0, 12)}); measure again`,
    );
  }
  return found;
}

export const percent = (share, digits = 2) => (share * 100).toFixed(digits);
export const points = (share, digits = 2) => `${share > 0 ? '+' : ''}${(share * 100).toFixed(digits)}`;
export const kilobytes = (bytes) => (bytes / 1000).toFixed(0);
export const times = (ratio) => (ratio === undefined ? '-' : `${ratio.toFixed(ratio < 10 ? 2 : 1)}x`);
