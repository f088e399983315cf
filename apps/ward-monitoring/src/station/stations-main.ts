import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { ConfigError, errorCode, errorMessage } from '@edge-blueprints/contracts';
import { readWardConfig } from '../config.js';
import { listStations, putStation, removeStation } from './station-names.js';

const help = `The stations that must be there. One that does not answer is an alarm with its name.

  node tools/run.mjs apps/ward-monitoring/src/station/stations-main.ts COMMAND --config FILE

  list           every station
  put NAME       a new station, or another key for it; prints what to open once in its browser
  remove NAME
`;

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { config: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) return void process.stdout.write(help);
  const [command, name] = positionals;
  if (values.config === undefined) throw new ConfigError('ward.station-invalid', `--config FILE is needed\n\n${help}`);
  const { file } = readWardConfig(values.config).stations;
  if (file === undefined)
    throw new ConfigError('ward.station-invalid', `${values.config} names no stations.file to keep them in`);
  if (command === 'put' && name !== undefined) {
    const key = randomBytes(24).toString('base64url');
    putStation(file, name, key);
    process.stdout.write(`Open the page at this station once with #/station/${name}/${key}\n`);
  } else if (command === 'remove' && name !== undefined) removeStation(file, name);
  else if (command !== 'list') throw new ConfigError('ward.station-invalid', help);
  for (const station of listStations(file)) process.stdout.write(`${station.name}\n`);
}

try {
  main();
} catch (error) {
  process.stderr.write(`${errorCode(error)}: ${errorMessage(error)}\n`);
  process.exitCode = 1;
}
