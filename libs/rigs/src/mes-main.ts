import { parseArgs } from 'node:util';
import { errorMessage, parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { createMesReceiver, mesFaultNames } from './lib/mes/mes-receiver.js';
import { runRigProcess } from './lib/process/rig-process.js';

const help = `An MES that takes IPC-CFX UnitsInspected messages over HTTP and checks them.

  mes-main [--port 0] [--store FILE]

  --port N       HTTP: POST /cfx, GET /state; 0 takes a free port
  --store FILE   keeps what was taken over across restarts (one JSON line a message)
  --supervised   stop when standard input ends

Events are JSON lines on standard output, commands JSON lines on standard input:
  {"command":"fault","name":NAME,"on":true}   ${mesFaultNames.join(', ')}
  {"command":"stop"}
`;

const optionsSchema = z.strictObject({
  port: z.coerce.number().int().min(0).max(65_535).default(0),
  store: z.string().min(1).optional(),
});

const commandSchema = z.strictObject({ command: z.literal('fault'), name: z.enum(mesFaultNames), on: z.boolean() });
type MesCommand = z.infer<typeof commandSchema>;

async function main(): Promise<void> {
  const {
    help: wantsHelp,
    supervised,
    ...given
  } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      supervised: { type: 'boolean', default: false },
      port: { type: 'string' },
      store: { type: 'string' },
    },
  }).values;
  if (wantsHelp) {
    process.stdout.write(help);
    return;
  }
  const options = parseConfig(optionsSchema, given, 'the command line of mes-main (see --help)');
  await runRigProcess<MesCommand>('mes', supervised, async ({ emit }) => {
    const mes = await createMesReceiver({
      port: options.port,
      storeFile: options.store,
      emit: (event) => emit({ ...event }),
    });
    return {
      ready: { ports: { http: mes.port } },
      commands: commandSchema,
      obey: (command) => mes.setFault(command.name, command.on),
      close: async () => {
        emit({ event: 'totals', ...mes.state() });
        await mes.close();
      },
    };
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
});
