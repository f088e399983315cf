import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createJsonLogger, EdgeError, type Logger, systemClock } from '@edge-blueprints/contracts';
import { mosquittoFiles, writeMosquittoFiles } from './mosquitto-files.js';
import { carryRevocationsToMosquitto } from './mosquitto-revocation.js';
import { openRevocationList } from './revocation-list.js';
import { certificateDays, initSiteCa, openSiteCa, siteCaFiles, type SiteCa } from './site-ca.js';

const help = `The certificate authority of one site: who may speak, and as whom.

  site-ca init      --folder DIR --site NAME          a new CA (EC P-256, ${certificateDays.ca} days) in an empty folder
  site-ca hub       --folder DIR --host H [--host H]  the hub's server certificate for these names and addresses
  site-ca worker    --folder DIR --name hub.ingest-1  a client certificate of a program of the hub
  site-ca issue     --folder DIR --name SITE.DEVICE [--name ...]   device certificates (${certificateDays.device} days)
                    [--count 100 --pattern north.line-%d]          or many: %d becomes 1 ... count
                    [--replace]         although the name has one already; ends a revocation for the new one
                    [--request FILE]    certify the key of this PKCS #10 request; the device keeps its key
  site-ca list      --folder DIR [--json]             state of each: valid, due, expired, revoked, replaced
  site-ca revoke    --folder DIR --name NAME --reason TEXT   shut out, and rewrite ${siteCaFiles.crl}
  site-ca renew     --folder DIR [--name NAME ...]    new certificates; without a name all past half of their time
  site-ca crl       --folder DIR                      write ${siteCaFiles.crl} anew
  site-ca mosquitto --folder DIR --out DIR [--port 8883] [--control FILE]   configuration and rights for Mosquitto
  site-ca watch     --folder DIR --out DIR --control FILE   stay beside Mosquitto, carry revocations and new devices to it;
                                                      works without ${siteCaFiles.key}, then by the rights alone

Files: ${Object.values(siteCaFiles).join(', ')}; devices/NAME, workers/NAME and hubs/fleet-hub with cert.pem, key.pem
(mode 0600) and ca.pem. Nothing is overwritten but by renew and --replace. Keep ${siteCaFiles.key} off the hub if you can.
`;

const commands = ['init', 'hub', 'worker', 'issue', 'list', 'revoke', 'renew', 'crl', 'mosquitto', 'watch'] as const;
type Command = (typeof commands)[number];

async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      folder: { type: 'string' },
      site: { type: 'string' },
      host: { type: 'string', multiple: true, default: [] },
      name: { type: 'string', multiple: true, default: [] },
      count: { type: 'string' },
      pattern: { type: 'string' },
      request: { type: 'string' },
      reason: { type: 'string' },
      out: { type: 'string' },
      port: { type: 'string' },
      control: { type: 'string' },
      replace: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const command = commands.find((known) => known === positionals[0]);
  const problems = argumentProblems(command, positionals, values);
  if (command === undefined || values.folder === undefined || problems.length > 0) {
    console.error(`${problems.join('\n')}\n--help shows the commands`);
    return 2;
  }
  const { folder } = values;
  const by = userInfo().username;
  const log = createJsonLogger({ write: (line) => process.stderr.write(line), now: Date.now });
  if (command === 'init') {
    await initSiteCa(folder, values.site ?? '', systemClock);
    console.log(`made the CA of ${values.site ?? ''} in ${folder}; keep a copy of ${siteCaFiles.key} in a safe place`);
    return 0;
  }
  if (command === 'watch') return watch(folder, values.out ?? '', values.control ?? '', log);
  const ca = await openSiteCa(folder, systemClock, log);
  switch (command) {
    case 'hub':
      tell(await ca.hub(values.host));
      break;
    case 'worker':
    case 'issue': {
      const request = values.request === undefined ? {} : { request: readFileSync(values.request, 'utf8') };
      const kind = command === 'worker' ? 'worker' : 'device';
      const names = values.count === undefined ? values.name : patternNames(values.pattern ?? '', Number(values.count));
      tell(...(await ca.issue({ kind, names, replace: values.replace, by, ...request })));
      break;
    }
    case 'list':
      print(ca, values.json);
      break;
    case 'revoke':
      for (const name of values.name) await ca.revoke(name, by, values.reason ?? '');
      console.log(`revoked ${values.name.join(', ')}`);
      break;
    case 'renew':
      tell(...(await ca.renew(values.name, by)));
      break;
    case 'crl':
      console.log(`${siteCaFiles.crl} names ${await ca.writeCrl()} certificates`);
      break;
    case 'mosquitto': {
      await ca.writeCrl();
      const files = writeMosquittoFiles(values.out ?? '', {
        caFolder: folder,
        port: Number(values.port ?? 8883),
        controlSocket: values.control ?? null,
        certificates: ca.list(),
      });
      console.log(`wrote ${files.join(', ')}`);
      break;
    }
    default:
      command satisfies never;
  }
  return 0;
}

/** Runs until SIGINT or SIGTERM. */
async function watch(folder: string, out: string, controlSocket: string, log: Logger): Promise<number> {
  const file = join(folder, siteCaFiles.revocations);
  const revocations = openRevocationList({ file, clock: systemClock, log });
  const carried = carryRevocationsToMosquitto({
    revocations,
    caFolder: folder,
    out,
    controlSocket,
    clock: systemClock,
    log,
  });
  await carried.settled();
  console.log(`carrying the revocations of ${file} to ${join(out, mosquittoFiles.rights)}`);
  // The list's own timer does not keep the process alive.
  const alive = setInterval(() => undefined, 3_600_000);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  clearInterval(alive);
  revocations.close();
  await carried.close();
  return 0;
}

function argumentProblems(
  command: Command | undefined,
  positionals: readonly string[],
  values: Readonly<Record<string, unknown>> & { readonly name: readonly string[] },
): readonly string[] {
  if (command === undefined || positionals.length > 1)
    return [`say one of ${commands.join(', ')}, not ${JSON.stringify(positionals.join(' '))}`];
  const required: Readonly<Record<Command, readonly string[]>> = {
    init: ['site'],
    hub: [],
    worker: [],
    issue: values['count'] === undefined ? [] : ['pattern'],
    list: [],
    revoke: ['reason'],
    renew: [],
    crl: [],
    mosquitto: ['out'],
    watch: ['out', 'control'],
  };
  const problems = ['folder', ...required[command]]
    .filter((option) => values[option] === undefined)
    .map((option) => `${command} needs --${option}`);
  const needsName =
    command === 'worker' || command === 'revoke' || (command === 'issue' && values['count'] === undefined);
  if (needsName && values.name.length === 0) problems.push(`${command} needs --name`);
  const whole = (option: string, highest: number): void => {
    const given = values[option];
    if (given === undefined || (/^\d+$/.test(String(given)) && Number(given) >= 1 && Number(given) <= highest)) return;
    problems.push(`--${option} ${String(given)} is not a whole number from 1 to ${highest}`);
  };
  whole('count', 100_000);
  whole('port', 65_535);
  if (values['request'] !== undefined && values.name.length !== 1)
    problems.push('--request goes with exactly one --name');
  if (values['pattern'] !== undefined && !String(values['pattern']).includes('%d'))
    problems.push('--pattern needs a %d');
  return problems;
}

const patternNames = (pattern: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => pattern.replace('%d', String(index + 1)));

function tell(...issued: Awaited<ReturnType<SiteCa['issue']>>): void {
  for (const { name, folder, notAfter } of issued.slice(0, 20)) console.log(`${name}  until ${notAfter}  ${folder}`);
  if (issued.length > 20) console.log(`... ${issued.length} in all`);
  if (issued.length === 0) console.log('nothing to do');
}

function print(ca: SiteCa, json: boolean): void {
  const entries = ca.list();
  if (json) console.log(JSON.stringify(entries, null, 2));
  else
    for (const { name, kind, state, notAfter, serialNumber, revocation } of entries) {
      const why = state === 'revoked' ? `  ${revocation?.by ?? ''}: ${revocation?.reason ?? ''}` : '';
      console.log(`${state.padEnd(8)}  ${kind.padEnd(6)}  ${notAfter}  ${serialNumber}  ${name}${why}`);
    }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const known = error instanceof EdgeError || (error instanceof TypeError && 'code' in error);
  if (!known) throw error;
  console.error(
    error instanceof EdgeError ? `${error.code}: ${error.message}` : `${error.message}\n--help shows the commands`,
  );
  process.exitCode = error instanceof EdgeError ? 1 : 2;
}
