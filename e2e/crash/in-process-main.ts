// Runs under fault-fs: schedules of power cuts in one process. Started by main.ts.
import { createRandom } from '@edge-blueprints/contracts';
import { openControl } from './fault-fs.js';
import { runLife } from './life.js';

const [root = '', controlFile = '', kind = '', schedules = '', seedText = ''] = process.argv.slice(2);
const control = openControl(controlFile);
const cutsPerLife = 20;
let done = 0;
const seed = Number(seedText);
for (let life = 0; done < Number(schedules); life++) {
  const random = createRandom(seed).fork(`${kind}-${life}`);
  try {
    const result = await runLife(control, root, random, {
      cuts: Math.min(cutsPerLife, Number(schedules) - done),
      rules: kind === 'damage' ? 'damage' : 'power-cut',
      diskErrors: kind === 'disk-errors',
    });
    done += result.cuts;
    process.send?.({ result, counts: control.counts() });
  } catch (error) {
    process.send?.({
      failed: `${kind}, seed ${seed}, life ${life}: ${error instanceof Error ? `${error.stack} ${String(error.cause)} ${JSON.stringify(error.cause)}` : String(error)}`,
    });
    process.exitCode = 1;
    break;
  }
}
control.close();
process.disconnect?.();
