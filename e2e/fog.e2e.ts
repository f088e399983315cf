// Fog node and station as two machines: the fog node judges, dies, comes back; the station never stops to judge.
import { join, resolve } from 'node:path';
import { startSupervised, type SupervisedProcess } from '../apps/demo-rig/src/supervised-process.js';
import { suite } from './check.js';
import { freePort } from './free-port.js';
import { holdsWithin, withRunningLine } from './running-line.js';

const tokenEnv = 'EDGE_FOG_TOKEN';
const root = resolve(import.meta.dirname, '..');
const bundles = join(root, 'models/bundles');

function startFogNode(port: number, bundle: string): Promise<SupervisedProcess> {
  const keys = join(bundles, 'trusted-keys.json');
  return startSupervised({
    name: 'fog node',
    entry: join(root, 'libs/inference/src/fog-node.ts'),
    args: ['--port', String(port), '--bundle', bundle, '--trusted-keys', keys],
    readyTimeoutMs: 60_000,
    onEvent: () => undefined,
    onLog: () => undefined,
  });
}

await suite('fog node', async (check) => {
  // The server takes it from its environment, the station from the variable that its configuration names.
  process.env[tokenEnv] = 'a-token-of-this-run-only';
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const bundle = join(bundles, 'pcb-defects');
  let fog = await startFogNode(port, bundle);
  check('the fog node refuses a call without its token', (await fetch(`${url}/v2/models/pcb-defects`)).status === 401);

  const policy = { remoteTimeoutMs: 350, firstProbeMs: 500, maxProbeMs: 2_000 };
  await withRunningLine(
    ['--rate', '2', '--bundle', bundle],
    async ({ api, fallen, stationEvents, ledger, judge }) => {
      const started = Date.now() - 120_000;
      const models = async () => {
        const records = await api.partsSince(started);
        const ids = stationEvents.map(({ partId }) => String(partId));
        return ids.flatMap((id) => records.get(id)?.model ?? []);
      };
      const remote = ({ provider }: { readonly provider: string }): boolean => provider.endsWith(`@127.0.0.1:${port}`);
      await holdsWithin(60_000, async () => (await models()).filter(remote).length >= 10);
      const first = await models();
      check(
        'parts are judged on the fog node, and their records say so',
        first.filter(remote).length >= 10,
        `${first.filter(remote).length} of ${first.length}; ${[...new Set(first.map((m) => `${m.provider} level ${m.degradationLevel}`))].join(', ')}`,
      );

      fog.kill();
      await fog.exited;
      const killedAt = stationEvents.length;
      await holdsWithin(40_000, () => stationEvents.length >= killedAt + 12);
      const since = (await models()).slice(killedAt);
      const local = since.filter((model) => !remote(model) && model.degradationLevel > 0);
      check(
        'the station answers by itself when the fog node is gone, and its records say so',
        local.length >= 10,
        `${local.length} of ${since.length}; ${[...new Set(since.map((m) => `${m.provider} level ${m.degradationLevel}`))].join(', ')}`,
      );
      const degraded = (await api.view()).engine;
      check(
        'the page shows the local fallback',
        degraded.degradationLevel > 0 && /fallback/.test(degraded.degradationReason),
        degraded.degradationReason,
      );

      fog = await startFogNode(port, bundle);
      const back = await holdsWithin(60_000, async () => {
        const last = (await models()).at(-1);
        return last !== undefined && remote(last) && (await api.view()).engine.degradationLevel === 0;
      });
      check('the fog node is used again when it is back', back, JSON.stringify((await api.view()).engine));

      const judged = await judge();
      const records = await api.partsSince(started);
      const silent = fallen.filter(({ partId }) => !records.has(partId));
      check(
        'every board that came to the gate has a record',
        silent.length === 0,
        `${judged.presented} boards, ${silent.length} without a record`,
      );
      check(
        'no verdict came late or was lost on the way',
        judged.late + judged.noVerdict <= ledger.presented() * 0.1,
        `${judged.late} late, ${judged.noVerdict} without verdict`,
      );
      check(
        'no bad board passed that the model caught',
        judged.escapesOfTheSystem === 0,
        `${judged.bad} bad, ${judged.escapes.count} escapes, ${judged.escapesModelMissed} missed by the model`,
      );
    },
    { adjustStation: (config) => ({ ...config, fog: { engine: { url }, policy, tokenEnv } }) },
  ).finally(() => fog.stop());
});
