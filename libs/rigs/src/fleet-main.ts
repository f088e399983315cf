import { parseArgs } from 'node:util';
import { createRandom, errorMessage, parseConfig } from '@edge-blueprints/contracts';
import { createFleet } from './lib/fleet/fleet.js';
import { fleetCommandSchema, fleetOptionsSchema, type FleetCommand } from './lib/fleet/fleet-options.js';
import { runRigProcess } from './lib/process/rig-process.js';

const help = `Simulated devices with the uplink of a real one, each with an MQTT session of its own.

  fleet-main --url mqtt://HOST:PORT [--devices 5] [--rate 5]

  --url URL              broker of the hub; mqtts:// with --tls
  --devices N            device-0001, ... (5)
  --sites N              site-01, ... (3)
  --rate N               parts a second, all devices together (5)
  --metrics-seconds N    every device reports its metrics so often; 0 never (15)
  --drift-seconds N      and its drift (60)
  --connect-rate N       new connections a second at the start (200)
  --tls DIR              ca.crt and for each device SITE.DEVICE.crt and .key
  --outbox-bytes N       bound of each outbox, in memory (20000000)
  --reconnect-max-ms N   longest pause before the next try to connect (60000)
  --seed N               the same seed gives the same fleet (7)
  --report-ms N          pause between two progress events (2000)
  --supervised           stop when standard input ends

Events are JSON lines on standard output: ready, started, progress, recovered (more than half had lost their connection and
all are back), storm, totals. Commands are JSON lines on standard input:
  {"command":"storm","limitMs":300000}    all leave and come back at once; how long it took
  {"command":"rate","eventsPerSecond":N}
  {"command":"report"}                    a progress event now
  {"command":"stop"}
`;

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      supervised: { type: 'boolean', default: false },
      url: text,
      devices: text,
      sites: text,
      rate: text,
      'metrics-seconds': text,
      'drift-seconds': text,
      'connect-rate': text,
      tls: text,
      'outbox-bytes': text,
      'reconnect-max-ms': text,
      seed: text,
      'report-ms': text,
    },
  });
  const { help: wantsHelp, supervised, ...given } = values;
  if (wantsHelp) {
    process.stdout.write(help);
    return;
  }
  const named = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
  const options = parseConfig(fleetOptionsSchema, named, 'the command line of fleet-main (see --help)');
  await runRigProcess<FleetCommand>('fleet', supervised, async ({ clock, emit }) => {
    const fleet = createFleet(options, { clock, random: createRandom(options.seed), emit });
    const progress = (event: string): void => emit({ event, ...fleet.report() });
    const timer = setInterval(() => progress('progress'), options.reportMs);
    return {
      ready: { ports: {}, devices: options.devices },
      commands: fleetCommandSchema,
      async obey(command) {
        if (command.command === 'rate') fleet.setRate(command.eventsPerSecond);
        else if (command.command === 'report') progress('progress');
        else emit({ event: 'storm', devices: options.devices, ...(await fleet.storm(command.limitMs)) });
      },
      async close() {
        clearInterval(timer);
        progress('totals');
        await fleet.close();
      },
    };
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
});
