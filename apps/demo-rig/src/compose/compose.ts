import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DemoOptions } from '../options.js';
import type { SupervisedProcess } from '../supervised-process.js';
import { composeFactory, type AdjustStation, type FactoryDemo } from './compose-factory.js';
import { composeHub, type HubDemo } from './compose-hub.js';
import { composeStore, type StoreDemo } from './compose-store.js';
import { composeWard, type WardDemo } from './compose-ward.js';
import { startParts, type ComposeHooks } from './start-parts.js';

export interface Demo {
  /** Each is undefined where another app was asked for by name. */
  readonly factory: FactoryDemo | undefined;
  readonly store: StoreDemo | undefined;
  readonly ward: WardDemo | undefined;
  /** Undefined with `--no-hub`. */
  readonly hub: HubDemo | undefined;
  readonly processes: readonly SupervisedProcess[];
  /** Stops all in reverse order of their start. @returns the exit codes */
  stop(): Promise<Readonly<Record<string, number | null>>>;
}

/**
 * Starts the chosen apps, their rigs and the hub as processes of their own and waits until each is ready. When one does not
 * start, the others are stopped again.
 * @throws DeviceError `demo.start-failed` that names the part and its last log lines
 */
export async function compose(options: DemoOptions, hooks: ComposeHooks & AdjustStation): Promise<Demo> {
  const data = resolve(options.data);
  await mkdir(data, { recursive: true });
  const parts = startParts(hooks);
  let hub: ReturnType<typeof composeHub> | undefined;
  try {
    hub = options.hub ? composeHub(options, data, parts) : undefined;
    hub?.catch(() => undefined); // told below, after the rest
    const link = hub?.then((starting) => starting.link);
    const inDemo = (app: 'manufacturing' | 'retail' | 'ward'): boolean => options.app === 'all' || options.app === app;
    const [factory, store, ward] = await Promise.all([
      inDemo('manufacturing') ? composeFactory(options, data, parts, link, hooks) : undefined,
      inDemo('retail') ? composeStore(options, data, parts, link) : undefined,
      inDemo('ward') ? composeWard(options, data, parts) : undefined,
    ]);
    const ready = await hub?.then((starting) => starting.ready);
    return { factory, store, ward, hub: ready, processes: parts.started, stop: parts.stop };
  } catch (error) {
    // Whatever is still starting is waited for, so that it is stopped too.
    await hub?.then(({ ready }) => ready).catch(() => undefined);
    await parts.stop();
    throw error;
  }
}
