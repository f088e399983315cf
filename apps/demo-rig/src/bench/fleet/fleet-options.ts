import { parseArgs } from 'node:util';
import { parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';

export const fleetHelp = `npm run bench -- fleet [options]   a fleet of simulated devices against Mosquitto and PostgreSQL

  Real MQTT sessions with mutual TLS, the uplink of a real device in each, ingest workers of the hub behind a shared
  subscription, PostgreSQL with fsync. Everything on loopback, started and removed by the bench itself.

  --devices LIST   fleets to measure (default 100,1000,5000,10000)
  --workers LIST   ingest workers to compare, at --workers-at devices (default 1,2,3)
  --workers-at N   (default 1000)
  --with N         ingest workers of the other runs (default 2)
  --seconds N      of each measurement (default 20)
  --metrics N      seconds between two metric reports of a device (default 15; 30 from 5,000 devices on)
  --press N        parts a second of the runs that look for the limit (default 20000)
  --storm          also: all devices of the largest fleet leave and come back at once, and a broker that is killed
  --virtual N      also: N devices in virtual time over 24 hours (for example 100000)
  --plain          without TLS
  --json FILE      everything as JSON too
  --help           this text

Needs mosquitto, postgresql, and more open files than twice the devices (ulimit -n).
`;

const list = (low: number, high: number) =>
  z
    .string()
    .transform((text) => text.split(',').map(Number))
    .pipe(z.array(z.int().min(low).max(high)).min(1).max(8));

const optionsSchema = z.strictObject({
  devices: list(1, 20_000),
  workers: list(1, 8),
  'workers-at': z.coerce.number().int().min(1).max(20_000),
  with: z.coerce.number().int().min(1).max(8),
  seconds: z.coerce.number().min(5).max(3_600),
  metrics: z.coerce.number().min(1).max(3_600).optional(),
  press: z.coerce.number().min(1).max(1_000_000),
  storm: z.boolean(),
  virtual: z.coerce.number().int().min(1).max(1_000_000).optional(),
  plain: z.boolean(),
  json: z.string().min(1).optional(),
});
export type FleetBenchOptions = Readonly<z.infer<typeof optionsSchema>>;

/** @throws ConfigError `config.invalid` with every wrong option */
export function readFleetOptions(argv: readonly string[]): FleetBenchOptions | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      devices: { type: 'string', default: '100,1000,5000,10000' },
      workers: { type: 'string', default: '1,2,3' },
      'workers-at': { type: 'string', default: '1000' },
      with: { type: 'string', default: '2' },
      seconds: { type: 'string', default: '20' },
      metrics: { type: 'string' },
      press: { type: 'string', default: '20000' },
      storm: { type: 'boolean', default: false },
      virtual: { type: 'string' },
      plain: { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  });
  const { help, ...rest } = values;
  return help ? 'help' : parseConfig(optionsSchema, rest, 'the command line (npm run bench -- fleet --help)');
}
