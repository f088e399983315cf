import { errorMessage } from '@edge-blueprints/contracts';
import type { PlcCommandLine } from './lib/plc/plc-options.js';
import { parsePlcArguments, plcUsage } from './lib/plc/plc-options.js';
import { createPlcProcess, plcCommandSchema } from './lib/plc/plc-process.js';
import { runRigProcess } from './lib/process/rig-process.js';

function readArguments(): PlcCommandLine | undefined {
  try {
    return parsePlcArguments(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${errorMessage(error)}\n`);
    process.exitCode = 1;
    return undefined;
  }
}

const options = readArguments();
if (options?.help === true) process.stdout.write(plcUsage);
else if (options !== undefined) {
  await runRigProcess('plc', options.supervised, async (surroundings) => {
    const plc = await createPlcProcess(options.process, surroundings);
    return { ready: { ports: plc.ports }, commands: plcCommandSchema, obey: plc.command, close: plc.close };
  });
}
