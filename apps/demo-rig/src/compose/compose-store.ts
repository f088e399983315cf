import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoOptions } from '../options.js';
import type { SupervisedProcess } from '../supervised-process.js';
import { buildPage } from './page-build.js';
import { pinOf, portOf, repositoryRoot as root, webKitSource, type Parts } from './start-parts.js';
import { shopFiles, storeConfig } from './store-config.js';

export interface StoreDemo {
  readonly processes: Readonly<Record<'shop' | 'store', SupervisedProcess>>;
  /** The store's page. */
  readonly url: string;
  readonly operatorPin: string;
  readonly configFile: string;
}

/** The shop with its shoppers and cameras, and the node that counts them. */
export async function composeStore(
  options: DemoOptions,
  data: string,
  { start, hooks }: Parts,
  linking: Promise<SupervisedProcess> | undefined,
): Promise<StoreDemo> {
  const folder = join(data, 'store');
  const surveyed = join(folder, 'shop');
  await mkdir(surveyed, { recursive: true });
  const [page, shop] = await Promise.all([
    buildPage(join(root, 'apps/retail-analytics/web'), [webKitSource]),
    start('shop', [
      ...['--seed', String(options.seed), '--fps', String(options.storeFps), '--out', surveyed],
      ...['--people-per-hour', String(options.peoplePerHour)],
    ]),
  ]);
  hooks.onReady(
    'shop',
    `${options.peoplePerHour} people/h, ${options.storeFps} pictures/s a camera, seed ${options.seed}`,
  );
  const link = await linking;
  const config = storeConfig({
    options,
    folder,
    page: page.folder,
    shop: shopFiles(shop),
    linkPort: link && portOf(link, 'link'),
  });
  const file = join(folder, 'store.json');
  await writeFile(file, `${JSON.stringify(config, null, 2)}\n`);
  const store = await start('store', ['--config', file]);
  const url = `http://127.0.0.1:${portOf(store, 'page')}`;
  hooks.onReady('store', `configuration ${file}`);
  hooks.onReady('store page', url);
  return { processes: { shop, store }, url, operatorPin: pinOf(store), configFile: file };
}
