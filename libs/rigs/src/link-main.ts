import { parseArgs } from 'node:util';
import { errorMessage, parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { createLinkProxy } from './lib/link/link-proxy.js';
import { linkStateSchema } from './lib/link/link-state.js';
import { runRigProcess } from './lib/process/rig-process.js';

const help = `The network between a station and its hub: a TCP proxy that fails on command.

  link-main --to HOST:PORT [--listen HOST:PORT]

  --to HOST:PORT       the hub's broker
  --listen HOST:PORT   for the station (127.0.0.1:0; 0 takes a free port)
  --supervised         stop when standard input ends

Events are JSON lines on standard output, commands JSON lines on standard input:
  {"command":"link","state":"up"}
  {"command":"link","state":"cut"}                            connections are reset, new ones refused
  {"command":"link","state":"blackhole"}                      connections stay, nothing passes
  {"command":"link","state":"slow","bytesPerSecond":2000}     each way
  {"command":"link","state":"flap","upMs":1000,"downMs":1000}
  {"command":"report"}                                        counts of connections and bytes
  {"command":"stop"}
`;

const address = z
  .string()
  .regex(/^[^:\s]+:\d{1,5}$/, 'is not HOST:PORT')
  .transform((text) => {
    const [host = '', port = ''] = text.split(':');
    return { host, port: Number(port) };
  })
  .refine(({ port }) => port <= 65_535, 'has a port above 65535');
const optionsSchema = z.strictObject({ to: address, listen: address.default({ host: '127.0.0.1', port: 0 }) });

const linkCommandSchema = z
  .looseObject({ command: z.literal('link') })
  .transform(({ command: _, ...state }) => state)
  .pipe(linkStateSchema)
  .transform((state) => ({ command: 'link' as const, state }));
const commandSchema = z.discriminatedUnion('command', [
  linkCommandSchema,
  z.strictObject({ command: z.literal('report') }),
]);
type LinkCommand = z.infer<typeof commandSchema>;

async function main(): Promise<void> {
  const {
    help: wantsHelp,
    supervised,
    ...given
  } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      supervised: { type: 'boolean', default: false },
      to: { type: 'string' },
      listen: { type: 'string' },
    },
  }).values;
  if (wantsHelp) {
    process.stdout.write(help);
    return;
  }
  const { to, listen } = parseConfig(optionsSchema, given, 'the command line of link-main (see --help)');
  await runRigProcess<LinkCommand>('link', supervised, async ({ emit, clock }) => {
    const link = await createLinkProxy({ ...listen, to, now: clock.monotonicMs, emit });
    return {
      ready: { ports: { link: link.port } },
      commands: commandSchema,
      obey: (command) =>
        command.command === 'link' ? link.set(command.state) : emit({ event: 'report', ...link.counts() }),
      close: async () => {
        emit({ event: 'totals', ...link.counts() });
        await link.close();
      },
    };
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
});
