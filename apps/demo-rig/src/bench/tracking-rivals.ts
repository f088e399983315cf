import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DeviceError, type Box } from '@edge-blueprints/contracts';
import { z } from 'zod';

const script = fileURLToPath(new URL('./tracking_rivals.py', import.meta.url));
const helloSchema = z.object({
  python: z.string(),
  libraries: z.record(z.string(), z.object({ version: z.string() }).or(z.object({ missing: z.string() }))),
});
const answerSchema = z
  .object({ ms: z.number(), shown: z.int().optional(), ids: z.int().optional() })
  .or(z.object({ fault: z.string() }));

export interface TrackingRival {
  readonly found: string;
  /** Milliseconds of all pictures, timed inside of the other process; boxes it showed, ids it gave. */
  run(): Promise<{ readonly ms: number; readonly shown: number; readonly ids: number }>;
  stop(): void;
}

/** Starts the Python of EDGE_PYTHON, or python3, and hands it the pictures; a sentence where it cannot be used. */
export async function startTrackingRival(
  pictures: readonly (readonly Box[])[],
  python = process.env['EDGE_PYTHON'] ?? 'python3',
): Promise<TrackingRival | string> {
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const failed = once(child, 'error').then(([error]) => ({ done: true, value: undefined, error: String(error) }));
  child.stdin.on('error', () => undefined); // a rival that died answers with the end of its lines
  const first = await Promise.race([lines.next(), failed]);
  if (first.value === undefined) {
    child.kill();
    return `${python} cannot be started; set EDGE_PYTHON to a Python with numpy and scipy`;
  }
  const hello = helloSchema.parse(JSON.parse(first.value));
  const missing = Object.entries(hello.libraries).filter(([, entry]) => 'missing' in entry);
  if (missing.length > 0) {
    child.kill();
    return `${python} has no ${missing.map(([name]) => name).join(' and no ')}; set EDGE_PYTHON to one that has`;
  }
  const ask = async (request: unknown): Promise<{ ms: number; shown: number; ids: number }> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const line = await lines.next();
    const answer = line.value === undefined ? { fault: 'it ended' } : answerSchema.parse(JSON.parse(line.value));
    if ('fault' in answer) throw new DeviceError('bench.rival', `${python} could not track: ${answer.fault}.`);
    return { ms: answer.ms, shown: answer.shown ?? 0, ids: answer.ids ?? 0 };
  };
  await ask({
    id: 'pictures',
    pictures: pictures.map((boxes) => boxes.map(({ xMin, yMin, xMax, yMax }) => [xMin, yMin, xMax, yMax])),
  });
  return {
    found: `Python ${hello.python}, ${Object.entries(hello.libraries)
      .map(([name, entry]) => ('version' in entry ? `${name} ${entry.version}` : name))
      .join(', ')}`,
    run: () => ask({ id: 'sort' }),
    stop: () => void child.kill(),
  };
}
