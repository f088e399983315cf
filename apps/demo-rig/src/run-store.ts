import { dirname } from 'node:path';
import { DeviceError, type StoreView } from '@edge-blueprints/contracts';
import type { StoreDemo } from './compose/compose-store.js';
import { storeReport, type QueueSample, type StoreReport } from './report/store-report.js';
import { shopTruthSchema, type ShopTruth } from './report/store-truth.js';
import { writtenFiles } from './report/written-files.js';
import type { ProcessEvent } from './supervised-process.js';

const answerMs = 10_000;
const sampleEveryMs = 1_000;
const mostSamples = 90_000;
/** Frames under way at the end are counted after so long. */
const settleMs = 2_000;

export interface StoreRun {
  /** Events of the shop; its truth is one of them. */
  shop(event: ProcessEvent): void;
  /** Looks at the node once a second from now on. */
  begin(store: StoreDemo): Promise<void>;
  /** Crossings that the node has counted since. */
  crossings(): number;
  report(store: StoreDemo): Promise<StoreReport>;
}

/** Follows the store node from outside: what its page says, and what the shop knows. */
export function createStoreRun(): StoreRun {
  let waiting: ((truth: ShopTruth) => void) | undefined;
  let first: StoreView | undefined;
  let last: StoreView | undefined;
  let sinceMs = 0;
  let timer: NodeJS.Timeout | undefined;
  const samples: QueueSample[] = [];

  const truthOf = (store: StoreDemo, since?: number): Promise<ShopTruth> =>
    new Promise((resolve, reject) => {
      const late = setTimeout(
        () =>
          reject(new DeviceError('demo.no-truth', 'The shop did not answer what truly happened.', { retry: 'safe' })),
        answerMs,
      );
      waiting = (truth) => {
        clearTimeout(late);
        waiting = undefined;
        resolve(truth);
      };
      store.processes.shop.send({ command: 'truth', ...(since === undefined ? {} : { sinceMs: since }) });
    });

  const look = async (store: StoreDemo): Promise<StoreView> => {
    const view = await viewOf(store);
    last = view;
    if (samples.length < mostSamples)
      samples.push({
        epochMs: view.atEpochMs,
        lengths: Object.fromEntries(view.queues.map(({ id, length }) => [id, length])),
      });
    return view;
  };

  return {
    shop: (event) => {
      const truth = shopTruthSchema.safeParse(event);
      if (truth.success) waiting?.(truth.data);
    },
    begin: async (store) => {
      const [view, truth] = await Promise.all([look(store), truthOf(store)]);
      first = view;
      sinceMs = truth.monotonicMs;
      timer = setInterval(() => void look(store).catch(() => undefined), sampleEveryMs);
    },
    crossings: () => (first && last ? crossingsOf(last) - crossingsOf(first) : 0),
    report: async (store) => {
      clearInterval(timer);
      const truth = await truthOf(store, sinceMs);
      await new Promise((resolve) => setTimeout(resolve, settleMs));
      const end = await viewOf(store);
      return storeReport({
        begin: first ?? end,
        end,
        truth,
        samples,
        written: await writtenFiles(dirname(store.configFile)),
      });
    },
  };
}

const crossingsOf = ({ lines }: StoreView): number =>
  lines.reduce((sum, { inToday, outToday }) => sum + inToday + outToday, 0);

async function viewOf({ url }: StoreDemo): Promise<StoreView> {
  const response = await fetch(`${url}/api/view`, { signal: AbortSignal.timeout(answerMs) });
  return (await response.json()) as StoreView;
}
