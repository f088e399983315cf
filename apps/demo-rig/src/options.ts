import { parseArgs } from 'node:util';
import { ConfigError, errorMessage, parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { defaultBundle, defaultFramesBundle, defaultStoreBundle } from './default-bundle.js';

const apps = ['all', 'manufacturing', 'retail', 'ward'] as const;

const optionsSchema = z.strictObject({
  app: z.enum(apps),
  seconds: z.coerce.number().positive().max(86_400).optional(),
  report: z.string().min(1).optional(),
  frames: z.string().min(1).optional(),
  camera: z.enum(['socket', 'rtsp']),
  role: z.enum(['server', 'client']),
  rate: z.coerce.number().min(0.1).max(20),
  defectRate: z.coerce.number().min(0).max(1),
  seed: z.coerce.number().int().min(0).max(0xffffffff),
  port: z.coerce.number().int().min(0).max(65535),
  modbusPort: z.coerce.number().int().min(0).max(65535),
  data: z.string().min(1),
  bundle: z.string().min(1),
  variant: z.string().min(1).optional(),
  storeFps: z.coerce.number().min(1).max(25),
  peoplePerHour: z.coerce.number().min(1).max(3_000),
  storeBundle: z.string().min(1),
  storeVariant: z.string().min(1),
  patients: z.coerce.number().int().min(4).max(200),
  hub: z.boolean(),
  verbose: z.boolean(),
});

export type DemoOptions = Readonly<z.infer<typeof optionsSchema>>;

export const help = `Edge Blueprints, demo: a factory line with PLC, MES and station, a shop with its store node, a ward with its gateway and
FHIR server, and the fleet hub, each a process of its own.

  npm start -- [options]

  --app NAME         all (default), manufacturing, retail or ward: what is started beside the hub
  --seconds N        run unattended for N seconds, then stop (default: until Ctrl-C)
  --report FILE      write a JSON report when it stops: verdicts against truth, capture-to-coil, drops, MES;
                     counts, dwell and queue of the store against truth, budget spent; samples, alarms against truth,
                     FHIR and audit of the ward
  --frames DIR       judge a folder of real pairs (<id>_test.png, <id>_temp.png, labels/<id>.txt) once, through the
                     same line and PLC; stops by itself when all are judged
  --camera KIND      socket (default): raw pixels with the trigger of each board; rtsp: a stream through ffmpeg, joined
                     with the boards by time
  --rate N           boards per second (default 2, with --frames 5)
  --defect-rate P    share of bad boards on the rendered line (default 0.3)
  --seed N           seed of the rendered line (default 7)
  --role ROLE        Modbus role of the station: server (a PLC polls it, default) or client (it writes the PLC)
  --port N           port of the first page (default 4200); station, hub, store and ward follow it;
                     0 takes free ones
  --modbus-port N    port of the Modbus server (default 1502); 0 takes a free one
  --bundle DIR       model bundle (default ${defaultBundle};
                     with --frames ${defaultFramesBundle})
  --variant ID       variant of the bundle (default: the bundle's first, INT8)
  --store-fps N      pictures per second of each camera of the shop (default 8)
  --people-per-hour N  who comes into the shop (default 360)
  --store-bundle DIR, --store-variant ID   model of the store (default ${defaultStoreBundle.folder}, ${defaultStoreBundle.variant})
  --patients N       patients of the ward, 4 to 200 (default 12)
  --data DIR         state of the apps: records, caches (default .data/demo)
  --no-hub           the apps by themselves, without hub and network
  --verbose          show the log lines of all processes
  --help             this text

Start at http://127.0.0.1:4200, which leads to station, store, ward and hub. Ctrl-C stops everything.
`;

/** @throws ConfigError `demo.options` that names every wrong option */
export function readOptions(argv: readonly string[]): DemoOptions | 'help' {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...argv],
      allowPositionals: false,
      options: {
        help: { type: 'boolean', short: 'h' },
        app: { type: 'string' },
        seconds: { type: 'string' },
        report: { type: 'string' },
        frames: { type: 'string' },
        camera: { type: 'string', default: 'socket' },
        role: { type: 'string', default: 'server' },
        rate: { type: 'string' },
        'defect-rate': { type: 'string', default: '0.3' },
        seed: { type: 'string', default: '7' },
        port: { type: 'string', default: '4200' },
        'modbus-port': { type: 'string', default: '1502' },
        data: { type: 'string', default: '.data/demo' },
        bundle: { type: 'string' },
        variant: { type: 'string' },
        'store-fps': { type: 'string', default: '8' },
        'people-per-hour': { type: 'string', default: '360' },
        'store-bundle': { type: 'string', default: defaultStoreBundle.folder },
        'store-variant': { type: 'string', default: defaultStoreBundle.variant },
        patients: { type: 'string', default: '12' },
        'no-hub': { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new ConfigError('demo.options', `${errorMessage(error)}\nSee npm start -- --help.`, { cause: error });
  }
  const {
    help: wantsHelp,
    'defect-rate': defectRate,
    'modbus-port': modbusPort,
    'no-hub': noHub,
    'store-fps': storeFps,
    'people-per-hour': peoplePerHour,
    'store-bundle': storeBundle,
    'store-variant': storeVariant,
    ...rest
  } = values;
  if (wantsHelp) return 'help';
  if (rest.camera === 'rtsp' && rest.frames !== undefined)
    throw new ConfigError(
      'demo.options',
      'A stream does not tell which picture it shows: --frames needs --camera socket, the default.',
    );
  const app = rest.app ?? (rest.frames === undefined ? 'all' : 'manufacturing');
  if (rest.frames !== undefined && app !== 'manufacturing')
    throw new ConfigError('demo.options', '--frames judges pictures of parts: leave out --app or give manufacturing.');
  const store = { storeFps, peoplePerHour, storeBundle, storeVariant };
  const bundle = rest.bundle ?? (rest.frames === undefined ? defaultBundle : defaultFramesBundle);
  return parseConfig(
    optionsSchema,
    {
      ...rest,
      ...store,
      app,
      hub: !noHub,
      defectRate,
      modbusPort,
      rate: rest.rate ?? (rest.frames ? '5' : '2'),
      bundle,
    },
    'the command line (npm start -- --help)',
  );
}
