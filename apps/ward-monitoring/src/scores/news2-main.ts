// `node tools/run.mjs apps/ward-monitoring/src/scores/news2-main.ts --rr 22 --spo2 93 ...`; see --help.
import { errorCode, errorMessage } from '@edge-blueprints/contracts';
import { News2Refusal } from './news2/eligibility.js';
import { scoreNews2 } from './news2/score-news2.js';
import { news2Usage, parseNews2Arguments } from './news2-arguments.js';
import { reportScore } from './news2-report.js';

try {
  const { help, json, inputs } = parseNews2Arguments(process.argv.slice(2));
  const score = scoreNews2(inputs);
  process.stdout.write(help ? news2Usage : json ? `${JSON.stringify(score, null, 2)}\n` : reportScore(score));
} catch (error) {
  console.error(`${errorCode(error)}: ${errorMessage(error)}`);
  process.exitCode = error instanceof News2Refusal ? 1 : 2;
}
