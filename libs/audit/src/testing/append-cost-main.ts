// What it costs to wait for the trail, on this machine and disk: `append-cost-main.ts --folder DIR [--seconds 30]`.
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { draft, openTrail } from './trail-bench.js';

const help = `node tools/run.mjs libs/audit/src/testing/append-cost-main.ts --folder DIR [--seconds 30] [--per-second 40] [--burst 200]

Appends entries at the rate of a ward of 200 patients, and a burst of them each five seconds, to a trail in a new folder in DIR, and
prints how long each waited until it was on the disk. Run it on an idle machine, on the disk that the trail will be on.
`;

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    seconds: { type: 'string', default: '30' },
    'per-second': { type: 'string', default: '40' },
    burst: { type: 'string', default: '200' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const [seconds, perSecond, burst] = [Number(values.seconds), Number(values['per-second']), Number(values.burst)];

if (values.help) process.stdout.write(help);
else if (values.folder === undefined || ![seconds, perSecond, burst].every((number) => number > 0)) {
  console.error(`--folder must name a folder, the numbers must be above 0.\n${help}`);
  process.exitCode = 2;
} else {
  const folder = await mkdtemp(join(values.folder, 'append-cost-'));
  const log = await openTrail(folder);
  const alone: number[] = [];
  const together: number[] = [];
  const one = async (waits: number[], number: number): Promise<void> => {
    const from = performance.now();
    await log.record([draft(number)]);
    waits.push(performance.now() - from);
  };
  const running: Promise<void>[] = [];
  for (let at = 0; at < seconds * perSecond; at += 1) {
    running.push(one(alone, at));
    if (at % (5 * perSecond) === perSecond)
      for (let extra = 0; extra < burst; extra += 1) running.push(one(together, extra));
    await sleep(1_000 / perSecond);
  }
  await Promise.all(running);
  await log.close();
  await rm(folder, { recursive: true });
  for (const [name, waits] of [['one by one', alone] as const, ['in bursts', together] as const])
    process.stdout.write(`${name.padEnd(12)} ${told(waits)}\n`);
}

/** p99 from 662 values on. */
function told(waits: readonly number[]): string {
  const sorted = [...waits].sort((a, b) => a - b);
  const at = (share: number): string => `${(sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN).toFixed(1)} ms`;
  return `p50 ${at(0.5)}, p99 ${sorted.length >= 662 ? at(0.99) : 'needs 662'}, longest ${at(1)}, n ${sorted.length}`;
}
