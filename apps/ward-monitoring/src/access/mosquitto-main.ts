import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { wardMosquittoConfig, wardMosquittoRights, wardRightsFile } from '@edge-blueprints/broker';
import { ConfigError, errorCode, errorMessage } from '@edge-blueprints/contracts';

const help = `Configuration and rights of Mosquitto 2 for one ward: mutual TLS, and each wearable on its own topics only.

  node tools/run.mjs apps/ward-monitoring/src/access/mosquitto-main.ts --site S --ward W --devices FILE --out DIR \\
    --ca FILE --cert FILE --key FILE [--crl FILE] [--port 8883] [--host ADDRESS]

  --devices FILE  ids of the wearables, one a line; certificates have the common name SITE.DEVICE, the gateway's hub.WARD
  --out DIR       gets mosquitto.conf and ${wardRightsFile}; Mosquitto keeps its sessions there
  --ca, --cert, --key, --crl   PEM: who signs wearables and gateway, and the broker's own (see the command site-ca)

After a change of the wearables write the files again and send SIGHUP to Mosquitto.
`;

function main(): void {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      ...{ site: text, ward: text, devices: text, out: text, ca: text, cert: text, key: text, crl: text, host: text },
      port: { type: 'string', default: '8883' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return void process.stdout.write(help);
  const { site, ward, devices, out, ca, cert, key, crl, host } = values;
  const port = Number(values.port);
  if (!Number.isSafeInteger(port) || port < 1 || port > 65_535)
    throw new ConfigError('broker.ward-names', `--port is 1 to 65535, not ${values.port}`);
  for (const [option, value] of Object.entries({ site, ward, devices, out, ca, cert, key }))
    if (value === undefined) throw new ConfigError('broker.ward-names', `--${option} is needed\n\n${help}`);
  const [folder, list] = [
    out ?? '',
    readFileSync(devices ?? '', 'utf8')
      .split(/\s+/)
      .filter(Boolean),
  ];
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  const rights = wardMosquittoRights({ site: site ?? '', ward: ward ?? '', devices: list });
  const config = wardMosquittoConfig({
    ...{ port, folder, caFile: ca ?? '', certFile: cert ?? '', keyFile: key ?? '' },
    ...(crl === undefined ? {} : { crlFile: crl }),
    ...(host === undefined ? {} : { host }),
  });
  writeFileSync(join(folder, wardRightsFile), rights, { mode: 0o640 });
  writeFileSync(join(folder, 'mosquitto.conf'), config, { mode: 0o640 });
  process.stdout.write(`${list.length} wearables in ${join(folder, wardRightsFile)}\n`);
}

try {
  main();
} catch (error) {
  process.stderr.write(`${errorCode(error)}: ${errorMessage(error)}\n`);
  process.exitCode = 1;
}
