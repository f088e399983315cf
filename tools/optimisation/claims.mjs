// The story's claims beside what was measured. Every figure comes from the rows; only the reasons are words.
import { percent, times } from './rows.mjs';

const reached = (yes) => (yes === undefined ? 'not measured' : yes ? 'holds' : '**falls short**');
const within = (value, low) => (value === undefined ? undefined : value >= low);
const lossText = (row) =>
  `${percent(row.loss)} points [${percent(-row.difference.high)}, ${percent(-row.difference.low)}]`;

/** The claim is about the loss, so its interval has a say; the F that a plant feels stands beside it. */
function pruned(row) {
  if (row.loss >= 0.01 || row.weightsLeft > 0.5) return '**falls short**';
  return -row.difference.low >= 0.01 ? 'holds by the mean; the interval reaches above 1' : 'holds';
}

/** `| claim | measured | verdict |` rows. */
export function claimRows(rows) {
  const of = (name) => rows.find((row) => row.name === name);
  const out = [];
  const add = (claim, measured, verdict) => out.push(`| ${claim} | ${measured} | ${verdict} |`);
  const int8 = of('base/int8');
  if (int8) {
    add('INT8 is 4x smaller', times(int8.smaller), reached(int8.smaller >= 4));
    add(
      'INT8 is 2-4x faster',
      `${times(int8.faster)} (ratio of minima ${times(int8.fasterMin)})`,
      reached(within(int8.faster, 2)),
    );
    add(
      'INT8 costs 0.5-2 % accuracy',
      lossText(int8),
      int8.loss < 0.005 ? 'better than that' : reached(int8.loss <= 0.02),
    );
  }
  const qat = of('qat/int8');
  if (qat && int8)
    add(
      'Training with quantisation wins that back',
      `${lossText(qat)}, against ${lossText(int8)} without`,
      int8.loss <= 0 ? 'there was nothing to win back' : reached(qat.loss < int8.loss),
    );
  const base = of('base/fp32');
  for (const name of ['prune-50/fp32', 'prune-70/fp32']) {
    const row = of(name);
    if (row)
      add(
        'Pruning removes 50-80 % of the weights for under 1 %',
        `${percent(1 - row.weightsLeft, 0)} % of the weights and ${percent(1 - row.macsLeft, 0)} % of the multiplications gone after ${row.steps} steps, ${lossText(row)}, F ${percent(row.f)} instead of ${percent(base.f)}, ${times(row.faster)} faster`,
        pruned(row),
      );
  }
  const together = rows.filter((r) => r.precision === 'int8' && /^(prune|student)/.test(r.step));
  const usable = together.filter((r) => r.loss <= 0.02);
  if (together.length > 0 && usable.length === 0)
    add(
      'Together 10-20x smaller and 5-10x faster',
      'every small INT8 file loses more than 2 points',
      '**falls short**',
    );
  if (usable.length > 0) {
    const smallest = usable.reduce((a, r) =>
      r.smaller > a.smaller || (r.smaller === a.smaller && r.loss < a.loss) ? r : a,
    );
    const text = (r) => `${r.step}/int8, ${lossText(r)}, F ${percent(r.f)} instead of ${percent(base.f)}`;
    add('Together 10-20x smaller', `${times(smallest.smaller)} (${text(smallest)})`, reached(smallest.smaller >= 10));
    const timed = usable.filter((r) => r.faster !== undefined);
    const fastest = timed.length === 0 ? undefined : timed.reduce((a, r) => (r.faster > a.faster ? r : a));
    add(
      'Together 5-10x faster',
      fastest ? `${times(fastest.faster)} (${text(fastest)})` : 'not measured',
      reached(within(fastest?.faster, 5)),
    );
  }
  const [alone, taught, teacher] = ['student-alone/fp32', 'student-distilled/fp32', 'teacher/fp32'].map(of);
  if (alone && taught) {
    add(
      'A distilled student is better than the same student alone',
      `mAP ${percent(taught.map)} taught, ${percent(alone.map)} alone, after ${taught.steps} and ${alone.steps} steps in ${taught.minutes} and ${alone.minutes} minutes`,
      reached(taught.map > alone.map),
    );
    if (teacher)
      add(
        'A student runs where the teacher cannot',
        `the student has ${percent(taught.macs / teacher.macs, 1)} % of the teacher's multiplications${taught.time && teacher.time ? `, ${taught.time.p50Ms.toFixed(1)} against ${teacher.time.p50Ms.toFixed(1)} ms` : ''}; mAP ${percent(taught.map)} against ${percent(teacher.map)}`,
        'see the figures',
      );
  }
  return out;
}
