import { parseArgs } from 'node:util';
import { errorMessage } from '@edge-blueprints/contracts';
import { defaultBundle } from './default-bundle.js';
import { checkMachine, type Finding } from './machine-checks.js';

const help = `npm run doctor -- [options]   what this machine can do

  --bundle DIR   model bundle to verify (default ${defaultBundle})
  --port N       port of the page (default 4200)
  --modbus-port N  port of the Modbus server (default 1502)
  --json         findings as JSON
  --help         this text

Exit code 1 when something that "npm start" needs is missing.
`;

const marks: Readonly<Record<Finding['state'], string>> = { ok: 'ok     ', optional: 'absent ', fail: 'MISSING' };

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      bundle: { type: 'string', default: defaultBundle },
      port: { type: 'string', default: '4200' },
      'modbus-port': { type: 'string', default: '1502' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const findings = await checkMachine({
    bundle: values.bundle,
    port: Number(values.port),
    modbusPort: Number(values['modbus-port']),
  });
  if (values.json) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
  else {
    for (const { state, subject, detail, remedy } of findings) {
      process.stdout.write(`${marks[state]} ${subject.padEnd(18)} ${detail}\n`);
      if (state !== 'ok' && remedy) process.stdout.write(`${' '.repeat(27)}-> ${remedy}\n`);
    }
  }
  return findings.some(({ state }) => state === 'fail') ? 1 : 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${errorMessage(error)}\n`);
    process.exit(2);
  },
);
