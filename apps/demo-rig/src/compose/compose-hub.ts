import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoOptions } from '../options.js';
import type { SupervisedProcess } from '../supervised-process.js';
import { adminPassword, hubConfig } from './hub-config.js';
import { buildPage } from './page-build.js';
import { freePort, portOf, repositoryRoot, webKitSource, type Parts } from './start-parts.js';

export interface HubDemo {
  readonly process: SupervisedProcess;
  /** The network between the apps and the hub. */
  readonly link: SupervisedProcess;
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/** Link at once, hub when its store is there: the apps need not wait for it. */
export async function composeHub(
  options: DemoOptions,
  data: string,
  parts: Parts,
): Promise<{ readonly link: SupervisedProcess; readonly ready: Promise<HubDemo> }> {
  const folder = join(data, 'hub');
  await mkdir(folder, { recursive: true });
  const mqttPort = await freePort();
  const password = await adminPassword(folder);
  const file = join(folder, 'hub.json');
  const linking = parts.start('link', ['--to', `127.0.0.1:${mqttPort}`]);
  const ready = (async (): Promise<HubDemo> => {
    const page = await buildPage(join(repositoryRoot, 'apps/fleet-hub/web'), [webKitSource]);
    const pagePort = options.port === 0 ? 0 : options.port + 2;
    const config = hubConfig({ folder, page: page.folder, pagePort, mqttPort });
    await writeFile(file, `${JSON.stringify(config, null, 2)}\n`);
    const process = await parts.start('hub', ['--config', file], { EDGE_HUB_ADMIN_PASSWORD: password });
    const hub = {
      process,
      link: await linking,
      url: `http://127.0.0.1:${portOf(process, 'page')}`,
      user: 'admin',
      password,
    };
    parts.hooks.onReady('hub page', `${hub.url}  (${hub.user}, password ${hub.password})`);
    return hub;
  })();
  ready.catch(() => undefined); // whoever waits for it is told
  return { link: await linking, ready };
}
