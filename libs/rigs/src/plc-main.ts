import { createInterface } from 'node:readline';
import { createJsonLogger, errorCode, errorMessage, systemClock } from '@edge-blueprints/contracts';
import { parsePlcArguments, plcUsage } from './lib/plc/plc-options.js';
import { createPlcProcess } from './lib/plc/plc-process.js';

const logger = createJsonLogger({ write: (line) => process.stderr.write(line), now: systemClock.epochMs, fields: { part: 'plc' } });
const emit = (event: Readonly<Record<string, unknown>>): void => {
  process.stdout.write(`${JSON.stringify(event)}\n`);
};

async function main(): Promise<void> {
  const options = parsePlcArguments(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(plcUsage);
    return;
  }
  const plc = await createPlcProcess(options.process, { clock: systemClock, logger, emit });
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await plc.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
  const commands = createInterface({ input: process.stdin });
  commands.on('line', (line) => {
    const command = parseJson(line);
    if (isStop(command)) void stop();
    else if (!plc.command(command)) logger.warn('plc.command-unknown', { line: line.slice(0, 200) });
  });
  commands.on('close', () => {
    if (options.supervised) void stop();
  });
  emit({ event: 'ready', part: 'plc', ports: plc.ports });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isStop(command: unknown): boolean {
  return typeof command === 'object' && command !== null && 'command' in command && command.command === 'stop';
}

main().catch((error: unknown) => {
  logger.error(errorCode(error), { message: errorMessage(error) });
  process.exit(1);
});
