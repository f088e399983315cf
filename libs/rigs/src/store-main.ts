import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { errorMessage, parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { runRigProcess } from './lib/process/rig-process.js';
import { createReplay } from './lib/store/replay-store.js';
import type { StoreCommand } from './lib/store/store-faults.js';
import { storeCommandSchema, storeFaultNames } from './lib/store/store-faults.js';
import { openStorePushes } from './lib/store/store-pushes.js';
import { runStore } from './lib/store/store-process.js';
import { createStore } from './lib/store/store-simulation.js';

const help = `A rendered store with three cameras and people whose every step is known, in real time.

  store-main --out DIR [--seed 7] [--fps 8] [--people-per-hour 240] ...

  --out DIR              gets plan.json and calibration-<camera>.json before the store is ready
  --seed N               same seed, same people at the same times
  --fps N                pictures per second of each camera (default 8)
  --width N, --height N  of the pictures (default 640 x 360)
  --people-per-hour N    who come in, on average (default 240)
  --profile NAME         flat, or day: busy at noon and in the evening, shut before 8 and after 20 (default flat)
  --start-hour N         hour of the day at which the process starts (default 15)
  --start-minutes N      lived in advance, so that people are in the store (default 12)
  --replay FILE          instead of simulated people recorded ones: lines of frame, person, x, y in metres, 0.4 s apart
  --rtsp-push-entrance URL, --rtsp-push-aisles URL, --rtsp-push-tills URL
                         pushes this camera over RTSP through ffmpeg instead of serving a frame socket
  --ffmpeg FILE          the ffmpeg program (default: the first on PATH)
  --supervised           stop when standard input ends

Cameras: entrance (overhead), aisles and tills (oblique), each a frame socket (docs/frame-socket.md) in "ports" of the
ready event. Events are JSON lines on standard output, commands JSON lines on standard input:
  {"command":"truth","sinceMs":MS}              event "truth": what truly happened since then (monotonic clock; default: the start)
  {"command":"fault","name":NAME,"on":true}     until "on" is false; camera faults take "camera", all three when left out
    camera-moved      turned by "yawDeg" (5) and "pitchDeg" (-4); its calibration is wrong now
    camera-lost       connections end, new ones are refused
    slow              2 pictures a second
    clock-jump        the pictures' wall clock is off by "jumpMs" (one hour)
    dark              emergency light, noisy pictures
    sun               a patch of sun on the floor
    crowd             60 more people come in within two minutes
    mannequins        three more stand about
    staff-everywhere  five more of the staff work at the shelves
    queue-rush        everybody in the store goes to pay now
    mirror            people stand before the mirror of the front wall, which shows them a second time
  {"command":"stop"}

Names of faults: ${storeFaultNames.join(', ')}.
`;

const rtspUrl = z
  .string()
  .regex(/^rtsps?:\/\/\S+$/, 'an address that begins with rtsp:// or rtsps://')
  .optional();
const optionsSchema = z.strictObject({
  out: z.string('where plan.json and the calibrations are written is needed').min(1),
  seed: z.coerce.number().int().min(0).max(2_000_000).default(7),
  fps: z.coerce.number().min(0.5).max(30).default(8),
  width: z.coerce.number().int().min(64).max(1920).default(640),
  height: z.coerce.number().int().min(64).max(1080).default(360),
  'people-per-hour': z.coerce.number().min(0).max(3_000).default(240),
  profile: z.enum(['flat', 'day']).default('flat'),
  'start-hour': z.coerce.number().min(0).max(24).default(15),
  'start-minutes': z.coerce.number().min(0).max(600).default(12),
  replay: z.string().min(1).optional(),
  'rtsp-push-entrance': rtspUrl,
  'rtsp-push-aisles': rtspUrl,
  'rtsp-push-tills': rtspUrl,
  ffmpeg: z.string().min(1).optional(),
});

async function main(): Promise<void> {
  const {
    help: wantsHelp,
    supervised,
    ...given
  } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      supervised: { type: 'boolean', default: false },
      ...Object.fromEntries(Object.keys(optionsSchema.shape).map((name) => [name, { type: 'string' } as const])),
    },
  }).values;
  if (wantsHelp === true) {
    process.stdout.write(help);
    return;
  }
  const options = parseConfig(optionsSchema, given, 'the command line of store-main (see --help)');
  const { seed, width, height, replay, fps: framesPerS } = options;
  await runRigProcess<StoreCommand>('store', supervised === true, async ({ clock, logger, emit }) => {
    const startS = options['start-minutes'] * 60;
    const store =
      replay === undefined
        ? createStore({
            seed,
            width,
            height,
            peoplePerHour: options['people-per-hour'],
            profile: options.profile,
            startHour: options['start-hour'] - startS / 3600,
          })
        : createReplay({ text: await readFile(replay, 'utf8'), file: replay, seed, width, height });
    if (replay === undefined) store.step(startS);
    const outlets = await openStorePushes(
      {
        entrance: options['rtsp-push-entrance'],
        aisles: options['rtsp-push-aisles'],
        tills: options['rtsp-push-tills'],
      },
      { width, height, ffmpegPath: options.ffmpeg },
      { clock, logger, emit },
    );
    const running = await runStore(
      { store, seed, framesPerS, folder: options.out, outlets },
      { clock, logger, emit: (event) => emit({ ...event }) },
    );
    const { ports, plan, calibrations } = running;
    return {
      ready: { ports, plan, calibrations },
      commands: storeCommandSchema,
      obey: (command) => running.obey(command),
      close: async () => {
        emit({ event: 'totals', ...running.totals() });
        await running.close();
      },
    };
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
});
