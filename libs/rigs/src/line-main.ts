import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, errorMessage, parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { boardSide } from './lib/boards/board-geometry.js';
import { openFolderParts } from './lib/line/folder-parts.js';
import { createLine } from './lib/line/line.js';
import type { LineCommand } from './lib/line/line-faults.js';
import { lineCommandSchema, lineFaultNames } from './lib/line/line-faults.js';
import type { GoldenTemplate } from './lib/line/prepared-part.js';
import type { RtspPushOptions } from './lib/line/rtsp-publisher.js';
import { openRenderedParts } from './lib/line/rendered-parts.js';
import { runRigProcess } from './lib/process/rig-process.js';

const help = `A line that carries printed circuit boards past a camera and a gate, in real time.

  line-main [--seed 7] [--rate 2] [--defect-rate 0.3] [--designs 6] [--frames DIR] ...

  --seed N               same seed, same boards in the same order
  --rate N               parts per second
  --defect-rate P        share of boards with one to four defects, 0 to 1
  --defect-weights LIST  relative frequency of open,short,mousebite,spur,copper,pin-hole (default 1,1,1,1,1,1)
  --designs N            products on the line (default 6, with --rtsp-push 1)
  --misregistration N    boards lie up to N pixels off (default 2)
  --frames DIR           pictures instead of rendered boards, each once: <id>_test.png, <id>_temp.png, labels/<id>.txt
  --templates DIR        golden templates are written there as <productId>.png before the line is ready
  --belt-mm-per-s N      speed of the belt (default 500)
  --camera-to-gate-mm N  way from the photo-eye to the gate (default 600)
  --valve-delay-ms N     from the coil's current to the moved gate (default 20)
  --encoder-start N      first value of the u32 encoder, 10 counts/mm
  --frame-port N         frame socket, 0 takes a free port (docs/frame-socket.md)
  --rtsp-push URL        pushes a stream over RTSP through ffmpeg instead of serving the frame socket, to a camera
                         with "listen": true; the camera runs freely, so the line then carries one product
  --rtsp-rate N          pictures per second of that stream (default 20)
  --rtsp-dwell-ms N      how long a part stays in the camera's view (default 0.7 of the time between two parts)
  --ffmpeg FILE          the ffmpeg program (default: the first on PATH)
  --wiring-port N        field wiring to the PLC, 0 takes a free port
  --count N              stop feeding after N parts
  --supervised           stop when standard input ends

Events are JSON lines on standard output, commands JSON lines on standard input:
  {"command":"fault","name":NAME,"on":true}   ${lineFaultNames.join(', ')}
  {"command":"golden"}                        one known-good part and one of each defect next, part ids G-...
  {"command":"stop"}
`;

const port = z.coerce.number().int().min(0).max(65_535).default(0);
const optionsSchema = z.strictObject({
  seed: z.coerce.number().int().min(0).max(2_000_000).default(7),
  rate: z.coerce.number().positive().max(50).default(2),
  'defect-rate': z.coerce.number().min(0).max(1).default(0.3),
  'defect-weights': z
    .string()
    .default('1,1,1,1,1,1')
    .transform((text) => text.split(',').map(Number))
    .refine((weights) => weights.length === 6 && weights.every((weight) => weight >= 0), {
      error: 'expected six numbers of at least 0, separated by commas',
    }),
  designs: z.coerce.number().int().min(1).max(200).optional(),
  misregistration: z.coerce.number().int().min(0).max(8).default(2),
  frames: z.string().min(1).optional(),
  templates: z.string().min(1).optional(),
  'belt-mm-per-s': z.coerce.number().positive().max(5000).default(500),
  'camera-to-gate-mm': z.coerce.number().positive().max(10_000).default(600),
  'valve-delay-ms': z.coerce.number().min(0).max(500).default(20),
  'encoder-start': z.coerce.number().int().min(0).max(0xffff_ffff).default(0),
  'frame-port': port,
  'rtsp-push': z
    .string()
    .regex(/^rtsps?:\/\/\S+$/, 'an address that begins with rtsp:// or rtsps://')
    .optional(),
  'rtsp-rate': z.coerce.number().min(1).max(100).default(20),
  'rtsp-dwell-ms': z.coerce.number().min(10).max(60_000).optional(),
  ffmpeg: z.string().min(1).optional(),
  'wiring-port': port,
  count: z.coerce.number().int().min(1).optional(),
});

async function writeTemplates(folder: string, templates: readonly GoldenTemplate[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { productId, png } of templates) {
    const file = join(folder, `${productId}.png`);
    await writeFile(`${file}.part`, png);
    await rename(`${file}.part`, file);
  }
}

function rtspPush(options: z.infer<typeof optionsSchema>): RtspPushOptions | undefined {
  const { 'rtsp-push': url, 'rtsp-rate': rateHz, 'rtsp-dwell-ms': dwellMs, rate, ffmpeg: ffmpegPath } = options;
  return url === undefined
    ? undefined
    : { url, ffmpegPath, rateHz, side: boardSide, dwellMs: dwellMs ?? (0.7 * 1000) / rate };
}

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
  const options = parseConfig(optionsSchema, given, 'the command line of line-main (see --help)');
  const pushes = options['rtsp-push'] !== undefined;
  if (pushes && (options.frames !== undefined || (options.designs ?? 1) > 1))
    throw new ConfigError(
      'rig.stream-products',
      'A stream does not tell which product it shows, so --rtsp-push goes with one product: leave out --frames and --designs.',
    );
  await runRigProcess<LineCommand>('line', supervised === true, async ({ clock, logger, emit, stop }) => {
    const source =
      options.frames === undefined
        ? await openRenderedParts({
            seed: options.seed,
            designs: options.designs ?? (pushes ? 1 : 6),
            defectRate: options['defect-rate'],
            defectWeights: options['defect-weights'],
            misregistration: options.misregistration,
          })
        : await openFolderParts(options.frames);
    if (options.templates !== undefined) await writeTemplates(options.templates, source.templates);
    const line = await createLine({
      source,
      partsPerS: options.rate,
      beltMmPerS: options['belt-mm-per-s'],
      cameraToGateMm: options['camera-to-gate-mm'],
      valveDelayMs: options['valve-delay-ms'],
      startEncoder: options['encoder-start'],
      count: options.count,
      framePort: options['frame-port'],
      rtspPush: rtspPush(options),
      wiringPort: options['wiring-port'],
      clock,
      logger,
      emit: (event) => {
        emit({ ...event });
        if (event.event === 'finished' && supervised !== true) stop();
      },
    });
    return {
      ready: {
        ports: { ...(pushes ? {} : { frames: line.framePort }), wiring: line.wiringPort },
        products: source.templates.map(({ productId }) => productId),
      },
      commands: lineCommandSchema,
      obey: (command) => (command.command === 'fault' ? line.setFault(command.name, command.on) : line.presentGolden()),
      close: async () => {
        emit({ event: 'totals', ...line.totals() });
        await line.close();
      },
    };
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
});
