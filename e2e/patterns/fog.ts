// Three stations, one inference node: it stands still, one wire is cut, it is killed; each time it comes back.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { SupervisedProcess } from '../../apps/demo-rig/src/supervised-process.js';
import { mapStrings, mergePatch, type Json } from '../../libs/blueprint-plugin/src/lib/merge-patch.js';
import type { Check } from '../check.js';
import { freePort } from '../free-port.js';
import { holdsWithin, type RunningLine } from '../running-line.js';
import { fogTokenEnv, startFogNode, startWire, type FogNode } from './fog-node.js';
import { withRunningLines } from './several-lines.js';
import { accountFor, lastJudgedByNode, recordsFrom, whoJudged, words } from './who-judged.js';

/** The larger model on the node, the smaller one in the stations. */
const [large, small] = ['fp32-640', 'int8-640'] as const;
const overlay = resolve(
  import.meta.dirname,
  '../../blueprints/manufacturing-inspection/starter/config/option-fogNode.json',
);
const patch: Json = JSON.parse(readFileSync(overlay, 'utf8'));

/** The configuration of the pattern as a starter gets it, what this station does without the node, and waits for a busy machine. */
function withNode(config: object, url: string, without: Without): Readonly<Record<string, unknown>> {
  const demo: Json = JSON.parse(JSON.stringify(config));
  const starter = mergePatch(
    demo,
    mapStrings(patch, (text) => text.replace('<%= fogNode %>', url)),
  );
  const policy = { remoteTimeoutMs: 400, firstProbeMs: 500, maxProbeMs: 1_000, probeTimeoutMs: 4_000 };
  const busy = mergePatch(starter, { fog: { policy } });
  return z.record(z.string(), z.unknown()).parse(mergePatch(busy, without));
}

/** What stands in the configuration beside the address of the node. */
const withoutNode = {
  smallModel: { fog: { variant: large }, ladder: { variants: [small] } },
  sameModel: { ladder: { variants: [large] } },
  nothing: { fog: { variant: large, policy: { whenLost: 'safe-state' } } },
} as const;
type Without = (typeof withoutNode)[keyof typeof withoutNode];

interface Station {
  readonly name: string;
  readonly run: RunningLine;
  /** The variant that it runs without the node; null where it then judges nothing. */
  readonly own: string | null;
}
interface Floor {
  readonly stations: readonly Station[];
  readonly check: Check;
}

const isAborted = async ({ run }: Station): Promise<boolean> => (await run.api.view()).lineState === 'Aborted';
const all = async (stations: readonly Station[], holds: (station: Station) => Promise<boolean>): Promise<boolean> =>
  (await Promise.all(stations.map(holds))).every(Boolean);
const marks = ({ stations }: Floor): readonly number[] => stations.map(({ run }) => run.stationEvents.length);

/** Waits until each station judges by its own model, or has stopped by configuration. */
async function isLost(floor: Floor, what: string): Promise<void> {
  const from = marks(floor);
  const { stations, check } = floor;
  const own = async ({ run }: Station, i: number) => whoJudged(await recordsFrom(run, from[i] ?? 0));
  await holdsWithin(60_000, () =>
    all(stations, async (station) =>
      station.own === null ? isAborted(station) : (await own(station, stations.indexOf(station))).own >= 4,
    ),
  );
  for (const [i, station] of stations.entries()) {
    const judged = await own(station, i);
    const { engine, lineState, lineStateReason } = await station.run.api.view();
    if (station.own === null)
      check(
        `${what}: station ${station.name} judges nothing and is not ready, as configured`,
        lineState === 'Aborted' && judged.own === 0,
        `${lineStateReason}; ${words(judged)}`,
      );
    else
      check(
        `${what}: station ${station.name} judges by its own model`,
        judged.own >= 4 && judged.variants.includes(`${station.own} level 1`),
        `${words(judged)}; ${engine.degradationReason}`,
      );
  }
}

async function isBack(floor: Floor, what: string): Promise<void> {
  const { stations, check } = floor;
  const back = await holdsWithin(90_000, () => all(stations, ({ run }) => lastJudgedByNode(run)));
  const states = await Promise.all(
    stations.map(async ({ name, run }) => `${name} ${(await run.api.view()).lineState}`),
  );
  check(`${what}: all stations are judged for by the node again`, back, states.join(', '));
}

async function wireIsCut(floor: Floor, wire: SupervisedProcess): Promise<void> {
  const { stations, check } = floor;
  const [cut, ...others] = stations;
  if (cut === undefined) return;
  const from = marks(floor);
  wire.send({ command: 'link', state: 'blackhole' });
  const since = async (station: Station) =>
    whoJudged(await recordsFrom(station.run, from[stations.indexOf(station)] ?? 0));
  await holdsWithin(60_000, async () => (await since(cut)).own >= 3);
  const far = await holdsWithin(60_000, () => all(others, async (station) => (await since(station)).node >= 3));
  check(
    'one wire cut: that station helps itself, the others keep the node',
    far && (await since(cut)).own >= 3,
    `${cut.name}: ${words(await since(cut))}; ${others[0]?.name}: ${others[0] && words(await since(others[0]))}`,
  );
  wire.send({ command: 'link', state: 'up' });
  await isBack(floor, 'wire mended');
}

async function throughFaults(
  floor: Floor,
  wire: SupervisedProcess,
  node: { current: FogNode; readonly start: () => Promise<FogNode> },
): Promise<void> {
  const { stations, check } = floor;
  const first = await holdsWithin(120_000, () =>
    all(stations, async ({ run }) => whoJudged(await recordsFrom(run, 0)).node >= 5),
  );
  const judged = await Promise.all(
    stations.map(async ({ name, run }) => `${name}: ${words(whoJudged(await recordsFrom(run, 0)))}`),
  );
  check('one node judges for all stations, by the larger model', first, judged.join('; '));

  node.current.freeze();
  await isLost(floor, 'node stands still');
  node.current.thaw();
  await isBack(floor, 'node answers again');

  await wireIsCut(floor, wire);

  node.current.kill();
  await node.current.exited;
  await isLost(floor, 'node killed');
  node.current = await node.start();
  await isBack(floor, 'node started again');

  for (const { run } of stations) run.demo.processes.line.send({ command: 'fault', name: 'belt-stop', on: true });
  for (const { name, run } of stations) {
    const { escapesOfTheSystem, noVerdict, unjudged, withRecord, ...counts } = await accountFor(run);
    check(
      `station ${name}: every board is accounted for, and none passed that nothing had judged`,
      unjudged === 0 && escapesOfTheSystem === 0 && counts.accepted > 0,
      `${counts.boards} boards = ${counts.accepted} accepted + ${counts.rejected} rejected; ${withRecord} have a record, ${noVerdict} went to the reject bin without a verdict`,
    );
  }
}

export async function fogPattern(check: Check): Promise<void> {
  process.env[fogTokenEnv] = 'a-token-of-this-run-only';
  const port = await freePort();
  const start = (): Promise<FogNode> => startFogNode(port, large);
  const wire = await startWire(port);
  const node = { current: await start(), start };
  const url = `http://127.0.0.1:${port}`;
  const line = (seed: number, to: string, without: Without) => ({
    args: ['--rate', '1', '--seed', String(seed)],
    adjustStation: (config: object) => withNode(config, to, without),
  });
  const stranger = await fetch(`${url}/v2/models/pcb-defects-rendered`);
  check('the node refuses a call without its token', stranger.status === 401, `HTTP ${stranger.status}`);
  const lines = [
    line(11, `http://127.0.0.1:${wire.ports['link'] ?? 0}`, withoutNode.smallModel),
    line(12, url, withoutNode.sameModel),
    line(13, url, withoutNode.nothing),
  ];
  try {
    await withRunningLines(lines, async (runs) => {
      const stations = runs.map((run, i) => ({ name: 'ABC'[i] ?? '', run, own: [small, large][i] ?? null }));
      await throughFaults({ stations, check }, wire, node);
    });
  } finally {
    node.current.thaw();
    await Promise.all([node.current.stop(), wire.stop()]);
  }
}
