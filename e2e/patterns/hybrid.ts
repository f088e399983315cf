// The station decides, the hub learns: the wire between them goes silent in mid-flow, then the hub is killed.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { DeviceDetailView, HubDriftView, LabelAccuracyView, LabelQueueView } from '@edge-blueprints/contracts';
import { demoDevice } from '../../apps/demo-rig/src/compose/hub-config.js';
import { repositoryRoot } from '../../apps/demo-rig/src/compose/start-parts.js';
import { startSupervised, type SupervisedProcess } from '../../apps/demo-rig/src/supervised-process.js';
import type { Check } from '../check.js';
import { signInToHub, type HubClient } from '../hub-client.js';
import { holdsWithin, withRunningLine, type RunningLine } from '../running-line.js';
import { accountFor, recordsFrom, whoJudged, words } from './who-judged.js';

type HubDemo = NonNullable<RunningLine['demo']['hub']>;

const device = (hub: HubClient) =>
  hub.get<DeviceDetailView>(`/api/devices/${demoDevice.site}/${demoDevice.device}`).catch(() => undefined);

async function waiting({ api }: RunningLine): Promise<number> {
  const { uplink } = await api.view();
  return uplink === null ? -1 : uplink.pending.critical + uplink.pending.business + uplink.pending.metric;
}

/** Parts that are judged while `name` lasts, at the line's own pace. */
async function lineGoesOn(run: RunningLine, parts: number, name: string, check: Check): Promise<void> {
  const from = run.stationEvents.length;
  const before = await waiting(run);
  const moved = await holdsWithin(60_000, () => run.stationEvents.length >= from + parts);
  const kept = await holdsWithin(20_000, async () => (await waiting(run)) >= before + parts / 2);
  const judged = whoJudged(await recordsFrom(run, from));
  check(
    `${name}: the station decides by itself and stores what it has to tell`,
    moved && kept && judged.own >= parts * 0.9,
    `${words(judged)}; ${await waiting(run)} events wait`,
  );
}

/** The same hub again, with the store that the killed one has left. */
function startHub(data: string, { password }: HubDemo): Promise<SupervisedProcess> {
  return startSupervised({
    name: 'hub',
    entry: join(repositoryRoot, 'apps/fleet-hub/src/main.ts'),
    args: ['--config', join(data, 'hub/hub.json')],
    env: { EDGE_HUB_ADMIN_PASSWORD: password },
    readyTimeoutMs: 150_000,
    onEvent: () => undefined,
    onLog: () => undefined,
  });
}

async function allHasArrived(run: RunningLine, hub: HubClient, check: Check): Promise<void> {
  const drained = await holdsWithin(120_000, async () => (await waiting(run)) <= 5);
  run.demo.processes.line.send({ command: 'fault', name: 'belt-stop', on: true });
  await holdsWithin(30_000, async () => (await waiting(run)) === 0);
  check('the store of the station drains when the hub is back', drained, `${await waiting(run)} wait`);
  const total = ({ verdicts: { pass, reject, review, error } }: DeviceDetailView): number =>
    pass + reject + review + error;
  const { inspected } = await run.api.view();
  await holdsWithin(30_000, async () => {
    const seen = await device(hub);
    return seen !== undefined && total(seen) >= inspected;
  });
  const after = await device(hub);
  const [epoch] = after?.epochs ?? [];
  check(
    'delivered and declared numbers are contiguous, over cut and kill',
    after?.epochs.length === 1 && epoch?.contiguous === true && epoch.missing === 0,
    `1 to ${epoch?.highest}: ${epoch?.delivered} delivered, ${epoch?.declared} declared, ${epoch?.missing} missing`,
  );
  check(
    'the hub has every verdict once',
    after !== undefined && total(after) === inspected,
    `${after && total(after)} of ${inspected}`,
  );
}

/** What a new model is made from: drift that says when, and labelled pictures. */
async function hubLearns(hub: HubClient, check: Check): Promise<void> {
  const drift = await hub.get<HubDriftView>('/api/drift');
  const features = drift.devices[0]?.report.features.length ?? 0;
  check('the drift report of the station is at the hub', features >= 4, `${features} features`);
  const { tasks, open } = await hub.get<LabelQueueView>('/api/labels?state=open&limit=20');
  const chosen = tasks.filter(({ pictures }) => pictures.length === 2).slice(0, 3);
  for (const { id, candidate } of chosen)
    await hub.act('PUT', `/api/labels/${id}`, { truth: candidate.verdict === 'pass' ? 'good' : 'bad', note: '' });
  const accuracy = await hub.get<LabelAccuracyView>('/api/labels/accuracy');
  check(
    'labels that a person gives come back as accuracy with its interval',
    chosen.length === 3 && accuracy.labelled === 3 && accuracy.accuracy !== null,
    `${open} verdicts waited; ${accuracy.labelled} labelled, ${accuracy.accuracy?.low.toFixed(2)} to ${accuracy.accuracy?.high.toFixed(2)} by ${accuracy.bundleVersion}`,
  );
  const { tasks: done } = await hub.get<LabelQueueView>('/api/labels?state=done&limit=20');
  check(
    'each labelled sample has truth, verdict, and the picture beside its template',
    done.length === 3 && done.every(({ label, pictures }) => label !== null && pictures.length === 2),
    done.map(({ label, candidate }) => `${candidate.partId} ${candidate.verdict}, truly ${label?.truth}`).join('; '),
  );
}

/** The command that whoever trains the next model runs. */
async function samplesLeave(url: string, { user, password }: HubDemo, folder: string, check: Check): Promise<void> {
  const program = join(repositoryRoot, 'apps/fleet-hub/src/labels/export-samples-main.ts');
  const source = ['--conditions=@edge-blueprints/source', '--import', 'tsx'];
  const run = spawn(process.execPath, [...source, program, '--hub', url, '--user', user, '--out', folder], {
    env: { ...process.env, EDGE_HUB_PASSWORD: password },
  });
  const exited = new Promise<number | null>((resolve) => run.once('exit', resolve));
  const [said, complaint, status] = await Promise.all([text(run.stdout), text(run.stderr), exited]);
  const lines = status === 0 ? readFileSync(join(folder, 'samples.jsonl'), 'utf8').trim().split('\n') : [];
  const pictures = status === 0 ? readdirSync(join(folder, 'images')) : [];
  const empty = pictures.filter((name) => readFileSync(join(folder, 'images', name)).length < 100);
  check(
    'the labelled samples leave the hub as a folder to train from',
    status === 0 && lines.length === 3 && pictures.length === 6 && empty.length === 0,
    status === 0 ? `${said.trim()}, ${pictures.length} pictures` : complaint,
  );
}

export async function hybridPattern(check: Check): Promise<void> {
  let data = '';
  await withRunningLine(
    ['--rate', '3'],
    async (run) => {
      const { hub: demo } = run.demo;
      if (demo === undefined) return check('the demo has a hub', false);
      const first = await signInToHub(demo.url, demo.user, demo.password);
      const met = await holdsWithin(60_000, async () => (await device(first))?.row.health === 'ok');
      check('the station introduces itself to the hub', met);

      demo.link.send({ command: 'link', state: 'blackhole' });
      await lineGoesOn(run, 24, 'the wire goes silent in mid-flow', check);
      demo.link.send({ command: 'link', state: 'up' });
      const drained = await holdsWithin(90_000, async () => (await waiting(run)) <= 5);
      check('the wire carries again: what waited is delivered', drained, `${await waiting(run)} wait`);

      demo.process.kill();
      await demo.process.exited;
      await lineGoesOn(run, 24, 'hub killed', check);
      const second = await startHub(data, demo);
      try {
        const hub = await signInToHub(`http://127.0.0.1:${second.ports['page']}`, demo.user, demo.password);
        await allHasArrived(run, hub, check);
        await hubLearns(hub, check);
        await samplesLeave(`http://127.0.0.1:${second.ports['page']}`, demo, join(data, 'samples'), check);
        const { unjudged, boards, accepted } = await accountFor(run);
        check('none passed that nothing had judged', unjudged === 0, `${boards} boards, ${accepted} accepted`);
      } finally {
        await second.stop();
      }
    },
    {
      hub: true,
      prepare: async (folder) => void (data = folder),
      // Many are drawn, so that a short run has some to label.
      adjustStation: (config) => ({ ...config, labels: { perDay: 10_000, partsPerDay: 80_000 } }),
    },
  );
}
