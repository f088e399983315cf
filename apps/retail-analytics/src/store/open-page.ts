import type { StoreView } from '@edge-blueprints/contracts';
import { createDashboardServer, createPinAccess } from '@edge-blueprints/dashboard';
import type { ApiRoute } from '@edge-blueprints/dashboard';
import type { StoreConfig } from '../config.js';
import type { StoreDeps } from './open-store.js';

export interface StorePage {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

const viewEveryMs = 250;

/** The page, its API and its live view, four times a second at most and only while somebody looks. */
export async function openStorePage(
  config: StoreConfig,
  deps: Pick<StoreDeps, 'clock' | 'log' | 'operatorPin' | 'pinConfigured' | 'newToken'>,
  parts: { readonly view: () => StoreView; readonly routes: readonly ApiRoute[] },
): Promise<StorePage> {
  const { clock, log } = deps;
  const server = await createDashboardServer(
    {
      config: config.dashboard,
      staticFolder: config.page.folder,
      access: createPinAccess({
        pin: deps.operatorPin,
        pinConfigured: deps.pinConfigured,
        nowMs: clock.monotonicMs,
        newToken: deps.newToken,
      }),
      liveAccess: 'public',
      plainRemote: 'allowed',
      routes: parts.routes,
    },
    { logger: log, nowMs: clock.monotonicMs },
  );
  const ticker = setInterval(() => {
    if (server.viewers() > 0) server.publish('view', parts.view());
  }, viewEveryMs);
  return {
    port: server.port,
    url: `${server.secure ? 'https' : 'http'}://${server.host}:${server.port}`,
    close: async () => {
      clearInterval(ticker);
      await server.close();
    },
  };
}
