import { parseArgs } from 'node:util';
import { ConfigError, errorCode, errorMessage, withDeadline } from '@edge-blueprints/contracts';
import { exportSamples, type AskHub } from './export-samples.js';

const passwordEnv = 'EDGE_HUB_PASSWORD';
const requestTimeoutMs = 30_000;
const help = `Takes the labelled parts out of a running hub, as material for training.

  node tools/run.mjs apps/fleet-hub/src/labels/export-samples-main.ts --hub URL --user NAME --out FOLDER

  --hub URL      page of the hub, https://hub.plant:4210
  --user NAME    any user of the hub; the password stands in ${passwordEnv}
  --out FOLDER   a new folder: images/ID_test.* beside images/ID_temp.*, labels/ID.txt (empty) of good parts, samples.jsonl
  --help

The newest 1,000 labels. Bad parts come without a label file: where their defects are, a person draws.
`;

async function signIn(hub: string, user: string, password: string, signal: AbortSignal): Promise<AskHub> {
  const ask = (path: string, init: RequestInit): Promise<Response> =>
    withDeadline(requestTimeoutMs, signal, (within) => fetch(new URL(path, hub), { ...init, signal: within }));
  const answer = await ask('/api/sign-in', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(hub).origin },
    body: JSON.stringify({ user, password }),
  });
  if (!answer.ok)
    throw new ConfigError(
      'labels.export-sign-in',
      `The hub at ${hub} did not let ${user} in (HTTP ${answer.status}). Check --user and ${passwordEnv}.`,
    );
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return (path) => ask(path, { headers: { cookie } });
}

async function main(): Promise<void> {
  const option = { type: 'string' } as const;
  const { values } = parseArgs({ options: { hub: option, user: option, out: option, help: { type: 'boolean' } } });
  if (values.help === true) return console.log(help);
  const { hub, user, out } = values;
  const password = process.env[passwordEnv];
  if (hub === undefined || user === undefined || out === undefined || password === undefined || !URL.canParse(hub))
    throw new ConfigError(
      'labels.export-usage',
      `--hub URL, --user NAME, --out FOLDER and ${passwordEnv} are needed\n\n${help}`,
    );
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const ask = await signIn(hub, user, password, stop.signal);
  const { good, bad } = await exportSamples(ask, out, stop.signal);
  console.log(JSON.stringify({ event: 'exported', folder: out, good, bad }));
}

main().catch((error: unknown) => {
  console.error(`${errorCode(error)}: ${errorMessage(error)}`);
  process.exitCode = 1;
});
