import { createBoundedQueue, createMailbox } from '@edge-blueprints/pipeline';
import type { BenchModel } from './bench-model.js';
import { imageOf } from './bench-model.js';
import { quantile, type Ratio } from './compare.js';

interface Stamped {
  readonly atMs: number;
}

/** Frames come at twice the rate that the engine can take: age of the frame when its result is there. */
export async function overload(model: BenchModel, results: number): Promise<readonly Ratio[]> {
  const engine = await model.engine(model.int8, 1);
  const judge = async (): Promise<void> => {
    const inputs = engine.allocateInputs();
    model.pack(model.board(0), model.template, imageOf(inputs));
    await engine.infer(inputs);
  };
  const service: number[] = [];
  for (let i = 0; i < 40; i++) {
    const start = performance.now();
    await judge();
    service.push(performance.now() - start);
  }
  const periodMs = quantile(service, 0.5) / 2;
  const agesWith = async (box: {
    put(item: Stamped): void;
    take(): Promise<Stamped | undefined>;
  }): Promise<number[]> => {
    const ages: number[] = [];
    const start = performance.now();
    let sent = 0;
    const send = (): void => {
      for (const due = (performance.now() - start) / periodMs; sent < due; sent++)
        box.put({ atMs: start + sent * periodMs });
    };
    const timer = setInterval(send, 1);
    while (ages.length < results) {
      send();
      const frame = await box.take();
      if (!frame) break;
      await judge();
      ages.push(performance.now() - frame.atMs);
    }
    clearInterval(timer);
    return ages;
  };
  const signal = new AbortController().signal;
  const mailbox = createMailbox<Stamped>();
  const newest = await agesWith({ put: (item) => mailbox.put(item), take: () => mailbox.take(signal) });
  const queue = createBoundedQueue<Stamped>(1_000_000);
  const fifo = await agesWith({ put: (item) => void queue.offer(item), take: () => queue.take(signal) });
  await engine.dispose();
  // The supported tail: p99 from 662 results on, p95 below.
  const q = results >= 662 ? 0.99 : 0.95;
  const [ours, other] = [quantile(newest, q), quantile(fifo, q)];
  return [
    {
      id: 'overload',
      what: `p${q * 100} frame age at twice the capacity: newest wins over first in first out`,
      count: results,
      median: ours / other,
      minimum: Math.min(...newest) / Math.min(...fifo),
      aim: 0.05,
      detail: `${ours.toFixed(1)} against ${other.toFixed(1)} ms; ${mailbox.superseded} frames superseded`,
    },
  ];
}
