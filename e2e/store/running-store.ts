// A store node and the rendered shop as processes that a suite can disturb, with all that the node's page says.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { retailReleaseSchema, storePlanSchema, type RetailRelease, type StoreView } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { follow, type Process } from '../privacy/followed-process.js';

const root = join(import.meta.dirname, '../..');
export const bundle = join(root, 'models/bundles/person-pose');
const pin = '471147';
export const cameras = ['entrance', 'aisles', 'tills'] as const;
export type Camera = (typeof cameras)[number];

export const run = (file: string, args: readonly string[]): Process =>
  follow(
    spawn(process.execPath, ['--conditions=@edge-blueprints/source', '--import', 'tsx', join(root, file), ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, EDGE_OPERATOR_PIN: pin },
    }),
  );

export const readySchema = z.object({
  ports: z.record(z.string(), z.number()),
  plan: z.string(),
  calibrations: z.record(z.string(), z.string()),
});

export type Shop = z.infer<typeof readySchema>;

/** Without a hub, and with windows of seconds instead of hours, so that their ends are seen; unless told otherwise. */
export function writeConfig(folder: string, shop: Shop, settings: Readonly<Record<string, unknown>> = {}): string {
  const manifest = z
    .looseObject({ variants: z.array(z.looseObject({ id: z.string() })).min(1) })
    .parse(JSON.parse(readFileSync(join(bundle, 'bundle.json'), 'utf8')));
  const file = join(folder, 'store.json');
  const config = {
    store: { id: 'faulty', simulated: true },
    plan: shop.plan,
    cameras: cameras.map((id) => ({
      id,
      source: { kind: 'socket', host: '127.0.0.1', port: shop.ports[id] ?? 0 },
      calibration: shop.calibrations[id] ?? '',
      floorFramesPerS: 2.5,
    })),
    perception: {
      bundle: { folder: bundle, variant: manifest.variants.at(-1)?.id ?? '' },
      trustedKeys: join(root, 'models/bundles/trusted-keys.json'),
      allowResearch: true,
      maxFrameAgeMs: 5_000,
    },
    measures: { graceS: 1 },
    privacy: { windows: { shortS: 5, longS: 3_600 }, ledger: { folder: 'state/ledger' } },
    hub: null,
    state: { folder: 'state' },
    dashboard: { port: 0 },
    ...settings,
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify(config, null, 1));
  return file;
}

export interface Node {
  readonly process: Process;
  view(): Promise<StoreView>;
  releases(): readonly RetailRelease[];
  editPlan(): Promise<number>;
  stop(): Promise<number | null>;
}

export async function startNode(config: string): Promise<Node> {
  const node = run('apps/retail-analytics/src/main.ts', ['--config', config, '--supervised']);
  const { ports } = z.object({ ports: z.object({ page: z.number() }) }).parse(await node.event('ready', 120_000));
  const origin = `http://127.0.0.1:${ports.page}`;
  const post = (path: string, body: unknown, cookie = ''): Promise<Response> =>
    fetch(origin + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin, cookie },
      body: JSON.stringify(body),
    });
  return {
    process: node,
    view: async () => (await (await fetch(`${origin}/api/view`)).json()) as StoreView,
    releases: () =>
      node
        .text()
        .split('\n')
        .filter((line) => line.includes('"event":"release"'))
        .map((line) => retailReleaseSchema.parse(z.object({ release: z.unknown() }).parse(JSON.parse(line)).release)),
    editPlan: async () => {
      const signedIn = await post('/api/sign-in', { pin });
      const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
      const plan = storePlanSchema.parse(((await (await fetch(`${origin}/api/view`)).json()) as StoreView).plan);
      const edited = { ...plan, zones: plan.zones.slice(1) };
      return (await post('/api/plan', { plan: edited, reason: 'the first zone is gone' }, cookie)).status;
    },
    stop: () => node.stop(() => node.child.stdin?.end('{"command":"stop"}\n')),
  };
}

/** On a busy machine this node looks too seldom at all cameras; that is not the fault that is looked for here. */
export const isSound = ({ state, detail }: StoreView['cameras'][number]): boolean =>
  state === 'seeing' || (state === 'slow' && detail.startsWith('This node'));
export const told = async (node: Node): Promise<string> =>
  (await node.view()).cameras.map(({ id, state, framesPerS }) => `${id} ${state} ${framesPerS}`).join(', ');
