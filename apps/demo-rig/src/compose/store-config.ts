import { join } from 'node:path';
import { parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { DemoOptions } from '../options.js';
import type { SupervisedProcess } from '../supervised-process.js';
import { repositoryRoot as root } from './start-parts.js';

/** The store of the demo as the hub knows it. */
export const demoStore = { site: 'demo', device: 'store-1' } as const;

const shopSchema = z.looseObject({
  ports: z.record(z.string(), z.int()),
  plan: z.string(),
  calibrations: z.record(z.string(), z.string()),
});
export type ShopFiles = z.infer<typeof shopSchema>;

/** What the shop says of itself when it is ready: a port and a surveyed calibration for each camera, and its plan. */
export const shopFiles = (shop: SupervisedProcess): ShopFiles =>
  parseConfig(shopSchema, shop.ready, 'the ready event of the shop');

/**
 * The store's configuration for this run. Its hours are minutes, and as nobody real walks there, the budget is wide open: a
 * minute of some people would drown in the noise of a real budget. The page shows both.
 */
export function storeConfig(input: {
  readonly options: DemoOptions;
  readonly folder: string;
  readonly page: string;
  readonly shop: ShopFiles;
  readonly linkPort: number | undefined;
}) {
  const { options, folder, shop, linkPort } = input;
  return {
    store: { id: 'demo-store', simulated: true },
    plan: shop.plan,
    cameras: Object.entries(shop.calibrations).map(([id, calibration]) => ({
      id,
      source: { kind: 'socket', id, port: shop.ports[id] },
      calibration,
      mount: id === 'entrance' ? 'overhead' : 'oblique',
      floorFramesPerS: Math.min(8, options.storeFps),
    })),
    perception: {
      bundle: { folder: join(root, options.storeBundle), variant: options.storeVariant },
      trustedKeys: join(root, 'models/bundles/trusted-keys.json'),
    },
    measures: { graceS: 20 },
    privacy: {
      epsilonPerDay: 10,
      windows: { shortS: 60, longS: 300 },
      minimumCount: 0,
      roundTo: 1,
      ledger: { folder: join(folder, 'ledger') },
    },
    ...(linkPort === undefined
      ? {}
      : {
          hub: {
            ...demoStore,
            url: `mqtt://127.0.0.1:${linkPort}`,
            keepaliveSeconds: 10,
            reconnectMaxMs: 5_000,
            outbox: { file: join(folder, 'outbox.sqlite'), maxBytes: 200_000_000, groupMs: 500 },
          },
        }),
    telemetry: { reportEveryMs: 5_000 },
    state: { folder: join(folder, 'state') },
    dashboard: { port: options.port === 0 ? 0 : options.port + 3 },
    page: { folder: input.page },
  };
}
