// `verify-ledger-main.ts DIR [--witness FILE] [--epsilon N]`: exit code 0 sound, 1 damaged or overspent, 2 wrong use.
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { verdictText, verifyLedger } from './verify-ledger.js';

const help = `node tools/run.mjs apps/retail-analytics/src/privacy/verify-ledger-main.ts DIR [options]

  --witness FILE   the copy of the high-water mark that the node keeps elsewhere
  --epsilon N      what no day may exceed
  --json           the verdict as JSON

Reads only; the node may run. Verdicts: sound; sound, with the remains of an interrupted append; empty; damaged; overspent.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    witness: { type: 'string' },
    epsilon: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const [folder] = positionals;
const epsilonPerDay = values.epsilon === undefined ? undefined : Number(values.epsilon);
if (values.help) process.stdout.write(help);
else if (folder === undefined || !existsSync(folder) || (epsilonPerDay !== undefined && !(epsilonPerDay > 0))) {
  console.error(`A ledger folder that exists is needed, and --epsilon above zero where it is given.\n${help}`);
  process.exitCode = 2;
} else {
  const verdict = verifyLedger(folder, {
    ...(values.witness === undefined ? {} : { witnessFile: values.witness }),
    ...(epsilonPerDay === undefined ? {} : { epsilonPerDay }),
  });
  process.stdout.write(values.json ? `${JSON.stringify(verdict, null, 2)}\n` : verdictText(verdict));
  process.exitCode = verdict.verdict === 'damaged' || verdict.verdict === 'overspent' ? 1 : 0;
}
