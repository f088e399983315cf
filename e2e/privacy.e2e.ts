// The store node under a watch of every write: no picture, no piece of one, no place and no track number leaves it.
// EDGE_PEOPLE_BUNDLE and EDGE_TRUSTED_KEYS name another bundle; EDGE_PRIVACY_SECONDS how long it is watched (20).
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { retailReleaseSchema, storePlanSchema } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { absent, suite, type Check } from './check.js';
import { follow, type Process } from './privacy/followed-process.js';
import { startFrameRelay, type FrameRelay } from './privacy/frame-relay.js';
import { searchLeaks, type Leak } from './privacy/leak-search.js';
import { hasStrace, readWatch, spawnWatched, type Watched } from './privacy/write-watch.js';

const root = join(import.meta.dirname, '..');
const bundle = process.env['EDGE_PEOPLE_BUNDLE'] ?? join(root, 'models/bundles/person-pose');
const trustedKeys = process.env['EDGE_TRUSTED_KEYS'] ?? join(root, 'models/bundles/trusted-keys.json');
const seconds = Number(process.env['EDGE_PRIVACY_SECONDS'] ?? 20);
const fromSource = [process.execPath, '--conditions=@edge-blueprints/source', '--import', 'tsx'];
const cameras = ['entrance', 'aisles', 'tills'] as const;

/** Files of a folder that a process may have filled through memory, or renamed. */
function filesBelow(folder: string): readonly string[] {
  return existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true, recursive: true }).flatMap((e) =>
        e.isFile() ? [join(e.parentPath, e.name)] : [],
      )
    : [];
}

/** The compiled model, and TypeScript that tsx compiles while the node runs from source: its cache and its compiler's pipe. */
function isMachinery(target: string, content: Buffer): boolean {
  const head = content.toString('latin1', 0, 64);
  const compiler = target.startsWith('UNIX-STREAM') && /command[^]{0,8}transform|^[^]\0\0\0\d+\.\d+\.\d+/.test(head);
  return target.includes('engine-cache') || /\/tsx-\d+\//.test(target) || compiler;
}

interface Searched {
  readonly leaks: readonly (Leak & { readonly target: string })[];
  readonly bytes: number;
}

function search({ streams }: Watched, folder: string, gridCells: number): Searched {
  const all = new Map(streams);
  for (const file of filesBelow(folder)) all.set(`file ${file}`, readFileSync(file));
  let bytes = 0;
  const leaks = [...all].flatMap(([target, content]) => {
    bytes += content.length;
    const found = searchLeaks(content, { pixelsOnly: isMachinery(target, content), gridCells });
    return found.map((leak) => ({ ...leak, target }));
  });
  return { leaks, bytes };
}

/** A process that leaks in every way must be seen doing so: what the watch cannot see, it cannot rule out. */
async function plantedLeaks(folder: string, relay: FrameRelay, check: Check): Promise<void> {
  const sink = createServer((socket) => socket.on('error', () => socket.destroy()).resume());
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  const address = sink.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const log = join(folder, 'leaky.strace');
  const out = join(folder, 'leaky');
  const leaky = follow(
    spawnWatched(log, [
      ...fromSource,
      join(import.meta.dirname, 'privacy/leaky-main.ts'),
      `${relay.port}`,
      `${port}`,
      out,
    ]),
  );
  const code = await leaky.stop(() => undefined);
  sink.close();
  const watched = await readWatch(log);
  const of = (part: string): readonly Leak[] =>
    [...watched.streams]
      .filter(([target]) => target.includes(part))
      .flatMap(([, bytes]) => searchLeaks(bytes, { pixelsOnly: false, gridCells: 0 }));
  const expected: Readonly<Record<string, Leak['kind']>> = {
    'raw.bin': 'pixels',
    'grey.bin': 'pixels',
    'floats.bin': 'pixels',
    'base64.txt': 'pixels',
    'hex.txt': 'pixels',
    'gzip.bin': 'pixels',
    'deflate.bin': 'pixels',
    'brotli.bin': 'pixels',
    'crop.png': 'picture format',
    'frame.jpg': 'picture format',
    'frame.webp': 'picture format',
    'list.json': 'array',
    'small.bin': 'binary',
    'points.json': 'identity',
    'track.json': 'identity',
    'TCP:': 'pixels',
    'UNIX-STREAM': 'pixels',
  };
  const missed = Object.entries(expected).filter(([part, kind]) => !of(part).some((leak) => leak.kind === kind));
  check(
    'catches a process that leaks, in every way that it tries',
    code === 0 && missed.length === 0,
    missed.length === 0
      ? `${Object.keys(expected).length} ways`
      : `missed ${missed.map(([part]) => part).join(', ')} ${leaky.errors().slice(0, 500)}`,
  );
  check('finds nothing in what is harmless', of('clean.json').length === 0, JSON.stringify(of('clean.json')));
}

function nodeConfig(folder: string, ready: Record<string, unknown>, relays: ReadonlyMap<string, FrameRelay>): string {
  const { plan, calibrations } = z
    .object({ plan: z.string(), calibrations: z.record(z.string(), z.string()) })
    .parse(ready);
  const manifest = JSON.parse(readFileSync(join(bundle, 'bundle.json'), 'utf8'));
  const { variants } = z.looseObject({ variants: z.array(z.looseObject({ id: z.string() })).min(1) }).parse(manifest);
  const variant = variants[0]?.id ?? '';
  const file = join(folder, 'store.json');
  const config = {
    store: { id: 'watched', simulated: true },
    plan,
    cameras: cameras.map((id) => ({
      id,
      source: { kind: 'socket', host: '127.0.0.1', port: relays.get(id)?.port ?? 0 },
      calibration: calibrations[id] ?? '',
      floorFramesPerS: 1,
    })),
    perception: { bundle: { folder: bundle, variant }, trustedKeys, allowResearch: true, maxFrameAgeMs: 10_000 },
    measures: { graceS: 1 },
    privacy: {
      windows: { shortS: 5, longS: 15 },
      ledger: { folder: join(folder, 'state/ledger'), witnessFile: join(folder, 'state/witness') },
    },
    // By itself: what waits for a hub is searched by faults-store.e2e.ts.
    hub: null,
    telemetry: { reportEveryMs: 2_000 },
    state: { folder: join(folder, 'state') },
    dashboard: { port: 0 },
  };
  writeFileSync(file, JSON.stringify(config, null, 1));
  return file;
}

/** Everything the page and whoever exports can ask for. @returns bodies by address */
async function askEverything(port: number): Promise<ReadonlyMap<string, string>> {
  const base = `http://127.0.0.1:${port}`;
  const bodies = new Map<string, string>();
  const ask = async (path: string): Promise<void> => {
    const reply = await fetch(base + path, { headers: { 'accept-encoding': 'identity' } });
    bodies.set(path, `${reply.status} ${await reply.text()}`);
  };
  for (const path of [
    '/api/view',
    '/api/releases',
    '/api/ledger',
    '/api/health',
    '/metrics',
    '/socket.io/?EIO=4&transport=polling',
  ])
    await ask(path);
  for (const metric of ['counts', 'visits', 'dwell', 'heat', 'queue']) await ask(`/api/export.csv?metric=${metric}`);
  for (const camera of cameras) await ask(`/api/camera/${camera}/picture.png`);
  return bodies;
}

async function watchNode(
  folder: string,
  rig: Process,
  ready: Record<string, unknown>,
  relays: ReadonlyMap<string, FrameRelay>,
  check: Check,
): Promise<void> {
  const log = join(folder, 'node.strace');
  const config = nodeConfig(folder, ready, relays);
  const main = join(root, 'apps/retail-analytics/src/main.ts');
  const node = follow(spawnWatched(log, [...fromSource, main, '--config', config, '--supervised']));
  const { ports } = z.object({ ports: z.object({ page: z.number() }) }).parse(await node.event('ready', 120_000));
  let asked: ReadonlyMap<string, string> = new Map();
  for (const end = Date.now() + seconds * 1_000; Date.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    asked = await askEverything(ports.page);
  }
  const code = await node.stop(() => node.child.stdin?.end('{"command":"stop"}\n'));
  rig.child.stdin?.end();

  const watched = await readWatch(log);
  const plan = storePlanSchema.parse(JSON.parse(readFileSync(z.string().parse(ready['plan']), 'utf8')));
  const gridCells = Math.ceil(plan.widthM * 2) * Math.ceil(plan.depthM * 2);
  const { leaks, bytes } = search(watched, join(folder, 'state'), gridCells);
  const frames = [...relays.values()].reduce((sum, relay) => sum + relay.frames(), 0);
  check(
    'the node ran, saw pictures and stopped cleanly',
    code === 0 && frames > 20,
    `${frames} pictures sent, exit ${code}${code === 0 ? '' : `\n${node.errors()}`}`,
  );
  check(
    'nothing of a picture, a place or a track was written or sent',
    leaks.length === 0,
    leaks.length === 0
      ? `${watched.calls} writes, ${bytes} bytes to ${watched.streams.size} files, sockets and pipes`
      : leaks
          .slice(0, 10)
          .map((l) => `${l.kind}: ${l.detail} in ${l.target}`)
          .join('; '),
  );
  check('no write went past the watch', watched.unseen.length === 0, watched.unseen.slice(0, 5).join('; '));
  const elsewhere = [...watched.opened].filter(
    (file) => !file.startsWith(join(folder, 'state')) && !/^(\/dev\/|\/proc\/|.*\/tsx-\d+\/)/.test(file),
  );
  check(
    'files are written below the state folder alone',
    elsewhere.length === 0,
    elsewhere.map((f) => relative(root, f)).join(', '),
  );
  checkAnswers(node.text(), asked, check);
}

/** What is said is what the contracts allow, and something was said at all. */
function checkAnswers(events: string, asked: ReadonlyMap<string, string>, check: Check): void {
  const lines = events
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line)));
  const released = lines
    .filter(({ event }) => event === 'release')
    .map(({ release }) => retailReleaseSchema.safeParse(release));
  check(
    'every event of the process is a known one',
    lines.every(({ event }) => ['ready', 'release', 'release-refused', 'stopped', 'failed'].includes(String(event))),
  );
  check(
    'numbers were released, each by the schema',
    released.length > 2 && released.every(({ success }) => success),
    `${released.length} releases`,
  );
  const list = asked.get('/api/releases') ?? '';
  check(
    'the page answers with the same releases',
    list.startsWith('200') && z.array(retailReleaseSchema).safeParse(JSON.parse(list.slice(4))).success,
  );
  const view = asked.get('/api/view') ?? '';
  check(
    'the live view is there, and says that this build writes no pixels',
    view.startsWith('200') && view.includes('"debugCapable":false'),
    view.slice(0, 80),
  );
  const looked = /"framesPerS":(?!0[,}])\d/.test(view);
  check('pictures were looked at while it was watched', looked);
  const pictures = cameras.map((camera) => asked.get(`/api/camera/${camera}/picture.png`)?.slice(0, 3));
  check(
    'no camera gives a picture',
    pictures.every((status) => status !== undefined && status !== '200'),
    pictures.join(', '),
  );
}

await suite('privacy', async (check) => {
  if (!hasStrace()) absent('privacy', 'strace, or the right to use it');
  if (!existsSync(join(bundle, 'bundle.json'))) absent('privacy', 'a bundle that finds people');
  const folder = mkdtempSync(join(tmpdir(), 'privacy-e2e-'));
  const relays = new Map<string, FrameRelay>();
  mkdirSync(join(folder, 'rig'));
  const rig = follow(
    spawn(
      fromSource[0] ?? 'node',
      [
        ...fromSource.slice(1),
        join(root, 'libs/rigs/src/store-main.ts'),
        '--out',
        join(folder, 'rig'),
        '--supervised',
        '--fps',
        '4',
        '--start-minutes',
        '12',
      ],
      {
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    ),
  );
  try {
    const ready = await rig.event('ready', 120_000);
    const ports = z.record(z.string(), z.number()).parse(ready['ports']);
    for (const camera of cameras) relays.set(camera, await startFrameRelay(ports[camera] ?? 0));
    const [relay] = relays.values();
    if (relay) await plantedLeaks(folder, relay, check);
    await watchNode(folder, rig, ready, relays, check);
  } finally {
    for (const relay of relays.values()) relay.close();
    await rig.stop(() => rig.child.stdin?.end());
    rmSync(folder, { recursive: true, force: true });
  }
});
