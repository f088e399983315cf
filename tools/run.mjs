// Runs a TypeScript entry from source: `node tools/run.mjs <entry.ts> [arguments]`. One process, no shell in between,
// so that Ctrl-C and exit codes reach the entry unchanged.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const [entry, ...args] = process.argv.slice(2);
const child = spawn(
  process.execPath,
  ['--conditions=@edge-blueprints/source', '--import', 'tsx', '--disable-warning=ExperimentalWarning', entry, ...args],
  { stdio: 'inherit' },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal === 'SIGTERM' && child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
