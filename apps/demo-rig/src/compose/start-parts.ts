import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { closeInReverse } from '@edge-blueprints/pipeline';
import { startSupervised, type ProcessEvent, type SupervisedProcess } from '../supervised-process.js';

export const repositoryRoot = resolve(import.meta.dirname, '../../../..');
export const webKitSource = join(repositoryRoot, 'libs/web-kit/src');

const entries = {
  line: 'libs/rigs/src/line-main.ts',
  plc: 'libs/rigs/src/plc-main.ts',
  mes: 'libs/rigs/src/mes-main.ts',
  station: 'apps/manufacturing-inspection/src/main.ts',
  shop: 'libs/rigs/src/store-main.ts',
  store: 'apps/retail-analytics/src/main.ts',
  fhir: 'libs/clinical-io/src/fhir-server-main.ts',
  ward: 'apps/ward-monitoring/src/main.ts',
  patients: 'libs/rigs/src/ward-main.ts',
  link: 'libs/rigs/src/link-main.ts',
  hub: 'apps/fleet-hub/src/main.ts',
} as const;

/**
 * `shop` is the rig with shoppers and cameras, `store` the node that counts them; `patients` is the rig with patients and
 * wearables, `ward` the gateway that watches over them.
 */
export type PartName = keyof typeof entries;
export type PageName = 'page' | 'store page' | 'ward page' | 'hub page';

export interface ComposeHooks {
  onEvent(part: PartName, event: ProcessEvent): void;
  onLog(part: PartName, line: string): void;
  /** One clear line a part, as it becomes ready. */
  onReady(part: PartName | PageName, detail: string): void;
}

export interface Parts {
  readonly hooks: ComposeHooks;
  /** @throws DeviceError `demo.start-failed` with the part's last log lines */
  start(name: PartName, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<SupervisedProcess>;
  readonly started: readonly SupervisedProcess[];
  /** Stops all in reverse order of their start. @returns the exit codes */
  stop(): Promise<Readonly<Record<string, number | null>>>;
}

/** Eleven processes that start at once on two cores that are busy with something else take more than a minute. */
const readyTimeoutMs = 150_000;

export function startParts(hooks: ComposeHooks): Parts {
  const started: SupervisedProcess[] = [];
  return {
    hooks,
    started,
    start: async (name, args, env = {}) => {
      const process = await startSupervised({
        name,
        entry: join(repositoryRoot, entries[name]),
        args,
        env,
        readyTimeoutMs,
        onEvent: (event) => hooks.onEvent(name, event),
        onLog: (line) => hooks.onLog(name, line),
      });
      started.push(process);
      return process;
    },
    stop: async () => {
      const codes: Record<string, number | null> = {};
      await closeInReverse(started.map((process) => async () => void (codes[process.name] = await process.stop())));
      return codes;
    },
  };
}

export function portOf(process: SupervisedProcess, name: string): number {
  const port = process.ports[name];
  if (port === undefined)
    throw new RangeError(`The ${process.name} told no port "${name}", only ${Object.keys(process.ports).join(', ')}`);
  return port;
}

export const pinOf = ({ ready }: SupervisedProcess): string => {
  const pin = ready['operatorPin'];
  return typeof pin === 'string' ? pin : '';
};

/** Taken and let go at once, so that two processes can be told of it before one of them listens. */
export function freePort(): Promise<number> {
  return new Promise((done, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
