import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readBlueprints } from '@edge-blueprints/blueprints';
import { errorMessage } from '@edge-blueprints/contracts';
import { examplePlan, readPlanFile, writePlan } from '../../libs/blueprint-plugin/src/lib/plan/plan-files.js';

const help = `npm run plan -- --input plan.json --out DIR
npm run plan -- --example [--out DIR]

  Works an architect's plan out and writes DIR/plan-result.json (every figure with its way and its assumptions), DIR/plan.html
  (one file to read, print and edit) and DIR/plan-input.json. --example prints an input to start from, or with --out works
  it out as well. Its prices are made up; the report says so until quotations stand in their place.
`;

try {
  main();
} catch (error) {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 2;
}

function main(): void {
  const { values } = parseArgs({
    options: {
      input: { type: 'string' },
      out: { type: 'string' },
      example: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const root = join(import.meta.dirname, '../..');
  const file = values.example ? examplePlan(root) : values.input;
  if (values.help || file === undefined || (values.out === undefined && !values.example)) {
    process.stdout.write(help);
    if (!values.help) process.exitCode = 2;
  } else if (values.out === undefined) process.stdout.write(readPlanFile(file));
  else process.stdout.write(`${writePlan(file, values.out, readBlueprints(join(root, 'blueprints'))).join('\n')}\n`);
}
