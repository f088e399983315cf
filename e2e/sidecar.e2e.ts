// A station whose accelerator Node cannot reach: the Python sidecar judges, dies, comes back; the station judges meanwhile.
import { resolve } from 'node:path';
import { sidecarPython, sidecarRemedy, startSidecar } from '../libs/testing/src/lib/sidecar-process.js';
import { absent, suite } from './check.js';
import { freePort } from './free-port.js';
import { holdsWithin, withRunningLine } from './running-line.js';

const title = 'sidecar';
const tokenEnv = 'EDGE_FOG_TOKEN';
const python = sidecarPython();
if (python === undefined) absent(title, sidecarRemedy);
const bundle = resolve(import.meta.dirname, '../models/bundles/pcb-defects');

await suite(title, async (check) => {
  // The sidecar takes it from its environment, the station from the variable that its configuration names.
  const token = (process.env[tokenEnv] = 'a-token-of-this-run-only');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const start = () => startSidecar({ python, port, token, args: ['--backend', 'openvino', '--bundle', bundle] });
  let sidecar = await start();
  const policy = { remoteTimeoutMs: 350, firstProbeMs: 500, maxProbeMs: 2_000 };
  await withRunningLine(
    ['--rate', '2', '--bundle', bundle],
    async ({ api, fallen, stationEvents, judge }) => {
      const started = Date.now() - 120_000;
      const models = async () => {
        const records = await api.partsSince(started);
        return stationEvents.flatMap(({ partId }) => records.get(String(partId))?.model ?? []);
      };
      const remote = ({ provider }: { readonly provider: string }): boolean =>
        provider === `openvino:cpu@127.0.0.1:${port}`;
      const told = (found: Awaited<ReturnType<typeof models>>): string =>
        `${found.filter(remote).length} of ${found.length}; ${[...new Set(found.map((m) => `${m.provider} level ${m.degradationLevel}`))].join(', ')}`;

      const judgedThere = await holdsWithin(60_000, async () => (await models()).filter(remote).length >= 8);
      check('parts are judged by the sidecar, and their records name its device', judgedThere, told(await models()));

      sidecar.kill('SIGKILL');
      await sidecar.exited;
      const killedAt = stationEvents.length;
      await holdsWithin(40_000, () => stationEvents.length >= killedAt + 10);
      const since = (await models()).slice(killedAt);
      const local = since.filter((model) => !remote(model) && model.degradationLevel > 0);
      check('the station judges by itself when the sidecar is killed', local.length >= 8, told(since));

      sidecar = await start();
      const back = await holdsWithin(60_000, async () => {
        const last = (await models()).at(-1);
        return last !== undefined && remote(last) && (await api.view()).engine.degradationLevel === 0;
      });
      check('the sidecar is used again when it is back', back, JSON.stringify((await api.view()).engine));

      const judged = await judge();
      const records = await api.partsSince(started);
      const silent = fallen.filter(({ partId }) => !records.has(partId));
      check(
        'every board that came to the gate has a record',
        silent.length === 0,
        `${judged.presented} boards, ${silent.length} without a record`,
      );
      check(
        'no bad board passed that the model caught',
        judged.escapesOfTheSystem === 0,
        `${judged.bad} bad, ${judged.escapes.count} escapes, ${judged.escapesModelMissed} missed by the model`,
      );
    },
    { adjustStation: (config) => ({ ...config, fog: { engine: { url }, policy, tokenEnv } }) },
  ).finally(async () => {
    sidecar.kill('SIGTERM');
    const { code } = await sidecar.exited;
    check(
      'the sidecar ends with 0 on SIGTERM',
      code === 0,
      `exit code ${code}; ${sidecar.log().trim().split('\n').at(-1)}`,
    );
  });
});
