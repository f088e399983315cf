import { writeFile } from 'node:fs/promises';
import { EdgeError, errorMessage } from '@edge-blueprints/contracts';
import { help, readOptions } from './options.js';
import { runDemo } from './run-demo.js';

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(help);
    return 0;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  return runDemo(options, {
    say: (text) => void process.stdout.write(text),
    complain: (text) => void process.stderr.write(text),
    writeReport: (file, report) => writeFile(file, `${JSON.stringify(report, null, 2)}\n`),
    stop: stop.signal,
  });
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof EdgeError ? `${error.code}: ` : ''}${errorMessage(error)}\n`);
    process.exit(1);
  },
);
