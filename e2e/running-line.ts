// A line, PLC, MES and station as processes that a suite can disturb, with all that the line and the PLC know of each part.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compose } from '../apps/demo-rig/src/compose/compose.js';
import type { AdjustStation, FactoryDemo } from '../apps/demo-rig/src/compose/compose-factory.js';
import type { HubDemo } from '../apps/demo-rig/src/compose/compose-hub.js';
import { readOptions } from '../apps/demo-rig/src/options.js';
import {
  createRunLedger,
  linePartSchema,
  plcPartSchema,
  type LinePart,
  type RunLedger,
} from '../apps/demo-rig/src/run-ledger.js';
import { createStationApi, type StationApi } from '../apps/demo-rig/src/station-api.js';
import type { ProcessEvent } from '../apps/demo-rig/src/supervised-process.js';

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until it holds. @returns whether it did within the time */
export async function holdsWithin(timeoutMs: number, what: () => Promise<boolean> | boolean): Promise<boolean> {
  const limit = Date.now() + timeoutMs;
  while (!(await what())) {
    if (Date.now() > limit) return false;
    await pause(200);
  }
  return true;
}

export interface RunningLine {
  readonly demo: FactoryDemo & { readonly hub: HubDemo | undefined };
  readonly api: StationApi;
  readonly ledger: RunLedger;
  /** Parts in the order in which they fell into their bins. */
  readonly fallen: readonly LinePart[];
  readonly lineEvents: readonly ProcessEvent[];
  /** The parts that the station has told of. */
  readonly stationEvents: readonly ProcessEvent[];
  /** The ledger against the station's records of this run. */
  judge(): Promise<ReturnType<RunLedger['judge']>>;
}

export interface RunSettings extends AdjustStation {
  /** With the fleet hub and the network to it; the station by itself unless asked for. */
  readonly hub?: boolean;
  /** Called with the state folder of the run before anything starts. */
  readonly prepare?: (data: string) => Promise<void>;
  /** Called after everything has stopped, before the state folder is removed. */
  readonly cleanUp?: (data: string) => Promise<void>;
}

/** Runs `body` with four boards a second, half of them bad, on free ports and with a state folder of its own. */
export async function withRunningLine(
  args: readonly string[],
  body: (run: RunningLine) => Promise<void>,
  { prepare, cleanUp, adjustStation, hub = false }: RunSettings = {},
): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'line-e2e-'));
  const usual = [
    ...(hub ? [] : ['--no-hub']),
    ...['--app', 'manufacturing'],
    '--rate',
    '4',
    '--defect-rate',
    '0.5',
    '--data',
    data,
    '--port',
    '0',
    '--modbus-port',
    '0',
  ];
  const options = readOptions([...usual, ...args]);
  if (options === 'help') return;
  const ledger = createRunLedger();
  const started = Date.now();
  const fallen: LinePart[] = [];
  const lineEvents: ProcessEvent[] = [];
  const stationEvents: ProcessEvent[] = [];
  try {
    await prepare?.(data);
    const running = await compose(options, {
      onEvent: (part, event) => {
        if (part === 'line') lineEvents.push(event);
        if (part === 'station' && event.event === 'part') stationEvents.push(event);
        const left = part === 'line' ? linePartSchema.safeParse(event) : undefined;
        if (left?.success) {
          ledger.line(left.data);
          fallen.push(left.data);
        }
        const seen = part === 'plc' ? plcPartSchema.safeParse(event) : undefined;
        if (seen?.success) ledger.plc(seen.data);
      },
      onLog: () => undefined,
      onReady: () => undefined,
      ...(adjustStation === undefined ? {} : { adjustStation }),
    });
    const { factory, hub: fleetHub } = running;
    if (factory === undefined) throw new RangeError('The suite needs the factory.');
    const demo = { ...factory, hub: fleetHub };
    const api = createStationApi(demo.url);
    try {
      const judge = async () => ledger.judge(await api.partsSince(started));
      await body({ demo, api, ledger, fallen, lineEvents, stationEvents, judge });
    } finally {
      await running.stop();
    }
  } finally {
    await cleanUp?.(data);
    await rm(data, { recursive: true, force: true });
  }
}
