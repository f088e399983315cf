import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createFrameDecoder } from '@edge-blueprints/cameras';
import { cameraCalibrationSchema, storePlanSchema } from '@edge-blueprints/contracts';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';

const readySchema = z.object({
  event: z.literal('ready'),
  ports: z.object({ entrance: z.int(), aisles: z.int(), tills: z.int() }),
  plan: z.string(),
  calibrations: z.record(z.string(), z.string()),
});
const truthSchema = z.object({
  event: z.literal('truth'),
  monotonicMs: z.number(),
  people: z.int(),
  lines: z.object({ entrance: z.object({ in: z.array(z.number()), out: z.array(z.number()) }) }),
  queues: z.object({ 'till-1': z.object({ length: z.int() }), 'till-2': z.object({ length: z.int() }) }),
});
let child: ChildProcess | undefined;
let folder: string | undefined;
afterEach(async () => {
  child?.kill('SIGKILL');
  if (folder) await rm(folder, { recursive: true });
});

it(
  'serves three cameras, their plan and calibrations, loses one by command, tells the truth and stops',
  { timeout: 60_000 },
  async () => {
    folder = await mkdtemp(join(tmpdir(), 'store-'));
    const entry = join(import.meta.dirname, 'store-main.ts');
    const args = ['--out', folder, '--width', '128', '--height', '72', '--start-minutes', '3', '--supervised'];
    const process_ = spawn(process.execPath, [
      '--conditions=@edge-blueprints/source',
      '--import',
      'tsx',
      entry,
      ...args,
    ]);
    child = process_;
    const exited = once(process_, 'exit');
    const events: unknown[] = [];
    const waiters: (() => void)[] = [];
    createInterface({ input: process_.stdout }).on('line', (line) => {
      events.push(JSON.parse(line));
      for (const tell of waiters.splice(0)) tell();
    });
    const event = async <T>(schema: z.ZodType<T>): Promise<T> => {
      for (;;) {
        for (const candidate of events) {
          const parsed = schema.safeParse(candidate);
          if (parsed.success) return parsed.data;
        }
        await new Promise<void>((resolve) => waiters.push(resolve));
      }
    };
    const tell = (command: unknown): void => void process_.stdin.write(`${JSON.stringify(command)}\n`);

    const { ports, plan, calibrations } = await event(readySchema);
    expect(storePlanSchema.parse(JSON.parse(await readFile(plan, 'utf8'))).name).toBe('Corner market');
    for (const camera of ['entrance', 'aisles', 'tills']) {
      const calibration = cameraCalibrationSchema.parse(JSON.parse(await readFile(calibrations[camera] ?? '', 'utf8')));
      expect(calibration).toMatchObject({ camera, imageWidth: 128, imageHeight: 72 });
    }

    const sockets = Object.values(ports).map((port) => connect(port, '127.0.0.1').on('error', () => undefined));
    const closed = sockets.map((socket) => once(socket, 'close'));
    const frames = await Promise.all(
      sockets.map(
        (socket) =>
          new Promise<{ readonly capturedAtMs: number; readonly levels: number }>((resolve) => {
            const decoder = createFrameDecoder();
            let seen = 0;
            socket.on('data', (bytes: Buffer) => {
              for (const message of decoder.push(bytes)) {
                if (message.kind !== 'frame' || (seen += 1) < 3) continue;
                expect(message.header).toMatchObject({ width: 128, height: 72, format: 'rgb24' });
                expect(message.header.name).toBeUndefined();
                resolve({ capturedAtMs: message.header.capturedAtMs, levels: new Set(message.pixels).size });
              }
            });
          }),
      ),
    );
    for (const { levels } of frames) expect(levels).toBeGreaterThan(60);

    tell({ command: 'fault', name: 'camera-lost', camera: 'aisles', on: true });
    await closed[1];
    tell({ command: 'truth', sinceMs: 0 });
    const truth = await event(truthSchema);
    expect(truth.lines.entrance.in.length - truth.lines.entrance.out.length).toBe(truth.people);
    expect(truth.lines.entrance.in.length).toBeGreaterThan(3);
    // The pictures' clock is the truth's clock.
    for (const { capturedAtMs } of frames) expect(Math.abs(truth.monotonicMs - capturedAtMs)).toBeLessThan(20_000);

    for (const socket of sockets) socket.destroy();
    process_.stdin.end();
    expect((await exited)[0]).toBe(0);
    const totals = z.object({ event: z.literal('totals'), cameras: z.object({ tills: z.object({ sent: z.int() }) }) });
    expect((await event(totals)).cameras.tills.sent).toBeGreaterThan(2);
  },
);
