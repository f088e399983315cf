// A store node in its own process, and a rendered shop whose cameras are bumped, lost and slow, whose clock jumps, that goes dark and
// fills up, whose plan is edited, whose budget ledger is cut, and a node that is killed between ledger and outbox: what the page
// says, what is released, and that it goes on.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { retailReleaseSchema, systemClock, type RetailRelease } from '@edge-blueprints/contracts';
import { openOutbox } from '@edge-blueprints/telemetry';
import { readLedger } from '../apps/retail-analytics/src/privacy/ledger-read.js';
import { absent, suite, type Check } from './check.js';
import type { Process } from './privacy/followed-process.js';
import { searchLeaks } from './privacy/leak-search.js';
import { holdsWithin, pause } from './running-line.js';
import {
  bundle,
  isSound,
  readySchema,
  run,
  startNode,
  told,
  writeConfig,
  type Camera,
  type Node,
  type Shop,
} from './store/running-store.js';

/** Longer than a window, so that one at least has none of its pictures. */
const lostMs = 11_000;
/** Everything of the shop that must not look like a fault of a camera. */
const sceneFaults = ['dark', 'sun', 'crowd', 'mannequins', 'staff-everywhere', 'queue-rush', 'mirror'] as const;

async function cameraFaults(shop: Process, node: Node, check: Check): Promise<void> {
  const fault = (name: string, camera: Camera, on: boolean): void =>
    void shop.child.stdin?.write(`${JSON.stringify({ command: 'fault', name, camera, on })}\n`);
  const cases = [
    { name: 'slow', camera: 'aisles', state: 'slow', code: 'store.camera-slow' },
    { name: 'camera-moved', camera: 'tills', state: 'moved', code: 'store.camera-moved' },
    { name: 'camera-lost', camera: 'entrance', state: 'lost', code: 'store.camera-lost' },
  ] as const;
  for (const { name, camera, state, code } of cases) {
    fault(name, camera, true);
    const announced = await holdsWithin(45_000, async () => {
      const { cameras: seen, alarms } = await node.view();
      const others = seen.every((each) => each.id === camera || isSound(each));
      return (
        seen.some((each) => each.id === camera && each.state === state && !isSound(each)) &&
        others &&
        alarms.some((alarm) => alarm.code === code)
      );
    });
    check(`${name}: the camera is ${state}, an alarm stands, the others see on`, announced, await told(node));
    const { queues, zones, cameras: seen, alarms } = await node.view();
    if (state === 'moved') {
      check(
        'a moved camera suspends what it alone sees',
        queues.every((queue) => queue.state !== 'good') && zones.some((zone) => zone.state === 'suspended'),
      );
      const doubts = [seen.find(({ id }) => id === camera)?.detail, alarms.find((each) => each.code === code)?.text];
      check(
        'page and alarm say that its calibration is in doubt',
        doubts.every((doubt) => doubt?.includes('calibrate it again') === true),
        doubts[0],
      );
    }
    if (state === 'lost') await pause(lostMs);
    fault(name, camera, false);
    const over = await holdsWithin(60_000, async () => (await node.view()).cameras.every(isSound));
    check(`${name}: it sees again by itself when the fault is over`, over, await told(node));
  }
  fault('clock-jump', 'aisles', true);
  await pause(6_000);
  const jumped = await node.view();
  check(
    'clock-jump: a camera whose wall clock is an hour off changes nothing',
    jumped.cameras.every(isSound) && jumped.alarms.every(({ code }) => code === 'store.camera-slow'),
    await told(node),
  );
  fault('clock-jump', 'aisles', false);
}

async function crowdInTheDark(shop: Process, node: Node, check: Check): Promise<void> {
  const send = (name: (typeof sceneFaults)[number], on: boolean): void =>
    void shop.child.stdin?.write(`${JSON.stringify({ command: 'fault', name, on })}\n`);
  for (const name of sceneFaults) send(name, true);
  await pause(10_000);
  const { cameras: seen, alarms } = await node.view();
  const allowed = ['store.camera-slow', 'store.queue-unreliable', 'store.cameras-disagree', 'store.beyond-capacity'];
  check(
    'darkness, sun, a crowd, mannequins, staff, a rush and a mirror: no camera is called lost or moved, the model runs',
    seen.every(isSound) && alarms.every(({ code }) => allowed.includes(code)),
    `${await told(node)}; ${alarms.map(({ code }) => code).join(', ')}`,
  );
  for (const name of sceneFaults) send(name, false);
}

/** Windows of one metric must neither overlap nor leave a hole. */
function checkWindows(releases: readonly RetailRelease[], check: Check): void {
  const counts = releases.filter(({ metric }) => metric === 'counts');
  const torn = counts.slice(1).filter((release, i) => release.windowFrom !== counts[i]?.windowTo);
  check(
    'door counts are released window by window without a hole',
    counts.length > 5 && torn.length === 0,
    `${counts.length} windows`,
  );
  const revisions = [...new Set(counts.map(({ planRevision }) => planRevision))];
  check('windows before and after the edit carry their own revision', revisions.join() === '1,2', revisions.join());
  const without = counts.filter(({ qualityReasons }) => qualityReasons.join().includes('camera entrance not seeing'));
  check(
    'windows without a lost camera say so: no coverage, quality unknown, and none of them passes for a quiet hour',
    without.some(({ coverage, quality }) => coverage === 0 && quality === 'unknown') &&
      without.every(({ coverage, quality }) => coverage < 1 && quality !== 'good'),
    `${without.length} windows, coverage ${without.map(({ coverage }) => coverage).join(', ')}`,
  );
  const moved = counts.filter(({ qualityReasons }) => qualityReasons.join().includes('camera tills moved'));
  check(
    'windows with a moved camera say so',
    moved.length > 0 && moved.every(({ quality }) => quality !== 'good'),
    `${moved.length} windows`,
  );
}

async function cutLedger(folder: string, config: string, check: Check): Promise<void> {
  const ledger = join(folder, 'state/ledger');
  const file = join(
    ledger,
    readdirSync(ledger)
      .filter((name) => name.endsWith('.jsonl'))
      .sort()
      .at(-1) ?? '',
  );
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  writeFileSync(file, `${lines.slice(0, -2).join('\n')}\n`);
  const node = await startNode(config);
  try {
    const damaged = await holdsWithin(20_000, async () => {
      const { budget, alarms } = await node.view();
      return budget.ledger.state === 'damaged' && alarms.some(({ code }) => code === 'store.ledger-damaged');
    });
    check('a ledger without its last two lines: damaged, with an alarm', damaged);
    const goesOn = await holdsWithin(30_000, async () =>
      (await node.view()).cameras.every(({ framesPerS }) => framesPerS > 0),
    );
    await pause(8_000);
    check('the page goes on, and nothing is released', goesOn && node.releases().length === 0, await told(node));
  } finally {
    await node.stop();
  }
}

interface Waiting {
  readonly type: string;
  readonly data: string;
}

/** Everything that waits for the hub. */
async function inOutbox(file: string): Promise<readonly Waiting[]> {
  const limits = { maxBytes: 1e8, criticalBytes: 1e6, maxAgeMs: 1e10, groupMs: 100, groupEvents: 100 };
  const names = { boot: '0'.repeat(16), newEpoch: '1'.repeat(16) };
  const outbox = openOutbox({ file, ...limits, ...names, clock: systemClock });
  const waiting = await outbox.next({ events: 1_000, bytes: 1e8, inFlight: [] });
  await outbox.close();
  return waiting;
}

/** Ledger entries of the releases among them. */
const releasesOf = (waiting: readonly Waiting[]): readonly number[] =>
  waiting
    .filter(({ type }) => type === 'edge-blueprints.retail-release.v1')
    .map(({ data }) => retailReleaseSchema.parse(JSON.parse(data)).ledger.entry)
    .sort((a, b) => a - b);

/** A hub that is never there: whatever was entered waits. */
async function killBetweenLedgerAndOutbox(folder: string, shop: Shop, check: Check): Promise<void> {
  const outbox = join(folder, 'outbox.sqlite');
  const config = writeConfig(folder, shop, {
    privacy: { ledger: { folder: 'ledger' } },
    hub: { url: 'mqtt://127.0.0.1:9', site: 'test', device: 'faulty', outbox: { file: outbox } },
    telemetry: { reportEveryMs: 1_000 },
  });
  const inLedger = (): readonly number[] =>
    readLedger(join(folder, 'ledger')).entries.flatMap(({ entry }) =>
      entry.kind === 'release' ? [entry.reservation] : [],
    );
  const killed = run('e2e/store/killed-at-release-main.ts', [config, join(folder, 'state/hub-releases.json')]);
  const timer = setTimeout(() => killed.child.kill('SIGTERM'), 60_000);
  await new Promise((resolve) => killed.child.once('close', resolve));
  clearTimeout(timer);
  const paid = inLedger();
  const known = releasesOf(await inOutbox(outbox));
  check(
    'a kill between ledger and outbox leaves releases that no hub would see',
    killed.child.signalCode === 'SIGKILL' && known.length > 0 && paid.length > known.length,
    `${paid.length} in the ledger, ${known.length} in the outbox ${killed.errors()}`,
  );
  const node = await startNode(config);
  await pause(3_000);
  await node.stop();
  const waiting = await inOutbox(outbox);
  const entered = releasesOf(waiting);
  check(
    'the next start enters them, each once',
    paid.every((entry) => entered.includes(entry)) && entered.join() === inLedger().join(),
    `${entered.length} in the outbox`,
  );
  const leaks = searchLeaks(Buffer.from(waiting.map(({ data }) => data).join('\n')), {
    pixelsOnly: false,
    gridCells: 0,
  });
  check(
    'nothing of a picture, a place or a track waits for the hub',
    leaks.length === 0 && waiting.some(({ type }) => type === 'edge-blueprints.metrics.v1'),
    leaks.length === 0
      ? `${waiting.length} events of ${new Set(waiting.map(({ type }) => type)).size} kinds`
      : JSON.stringify(leaks),
  );
}

await suite('faults-store', async (check) => {
  if (!existsSync(join(bundle, 'bundle.json'))) absent('faults-store', 'a bundle that finds people');
  const folder = mkdtempSync(join(tmpdir(), 'faults-store-e2e-'));
  const size = ['--fps', '3', '--width', '320', '--height', '180'];
  const rig = run('libs/rigs/src/store-main.ts', ['--out', join(folder, 'shop'), '--supervised', ...size]);
  try {
    const shop = readySchema.parse(await rig.event('ready', 120_000));
    const config = writeConfig(folder, shop);
    const node = await startNode(config);
    try {
      const seeing = await holdsWithin(60_000, async () =>
        (await node.view()).cameras.every((each) => isSound(each) && each.framesPerS > 0),
      );
      check('every camera sees, without a hub', seeing, await told(node));
      // The scene of each camera is learnt in this time.
      await pause(12_000);
      await cameraFaults(rig, node, check);
      await crowdInTheDark(rig, node, check);
      check('a zone is edited in the middle of the day', (await node.editPlan()) === 200);
      await pause(8_000);
    } finally {
      const code = await node.stop();
      check('the node stops cleanly', code === 0, code === 0 ? '' : node.process.errors().slice(-500));
    }
    checkWindows(node.releases(), check);
    check(
      'the revision of the model that ran is remembered',
      existsSync(join(folder, 'state/bundle-revisions.json')) && !existsSync(join(folder, 'state/hub-releases.json')),
    );
    await killBetweenLedgerAndOutbox(join(folder, 'killed'), shop, check);
    await cutLedger(folder, config, check);
  } finally {
    await rig.stop(() => rig.child.stdin?.end());
    rmSync(folder, { recursive: true, force: true });
  }
});
