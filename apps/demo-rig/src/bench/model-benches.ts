import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createMainThreadSession } from '@edge-blueprints/inference/reference';
import type { BenchModel } from './bench-model.js';
import { imageOf } from './bench-model.js';
import { quantile, ratioOf, type Ratio } from './compare.js';

/** Pack, infer through the worker, decode: over the model's own run inside the worker, of the same parts. */
export async function endToEndOverRun(model: BenchModel, rounds: number): Promise<readonly Ratio[]> {
  const engine = await model.engine(model.int8, 'auto');
  const total: number[] = [];
  const run: number[] = [];
  for (let i = -20; i < rounds; i++) {
    const start = performance.now();
    const inputs = engine.allocateInputs();
    const mapping = model.pack(model.board(i + 20), model.template, imageOf(inputs));
    const result = await engine.infer(inputs);
    model.decode(result.outputs, mapping);
    if (i < 0) continue;
    total.push(performance.now() - start);
    run.push(result.timings.runMs);
  }
  await engine.dispose();
  const over = total.map((t, i) => t - (run[i] ?? 0));
  const p99 = rounds >= 662 ? `, p99 ${quantile(over, 0.99).toFixed(2)} ms` : '';
  const ratio = ratioOf('end-to-end', 'pack + infer + decode over session.run, INT8', total, run, 1.1);
  return [{ ...ratio, detail: `${ratio.detail}; besides the model p50 ${quantile(over, 0.5).toFixed(2)} ms${p99}` }];
}

/** How late the event loop is while the model runs: in the worker, over on the main thread. */
export async function eventLoopDelay(model: BenchModel, rounds: number): Promise<readonly Ratio[]> {
  const engine = await model.engine(model.int8, 1);
  const bare = await createMainThreadSession(model.int8.bytes, 1);
  const pixels = new Uint8Array(2 * 640 * 640).fill(200);
  const inputs = { images: { dtype: 'uint8', dims: [1, 2, 640, 640], data: pixels } } as const;
  const delayed = async (work: () => Promise<unknown>): Promise<number> => {
    const monitor = monitorEventLoopDelay({ resolution: 1 });
    monitor.enable();
    for (let i = 0; i < 20; i++) await work();
    monitor.disable();
    // The monitor's own timer of 1 ms is in every value.
    return Math.max(0.001, monitor.percentile(99) / 1e6 - 1);
  };
  const ours: number[] = [];
  const other: number[] = [];
  for (let i = 0; i < Math.max(5, Math.round(rounds / 40)); i++) {
    ours.push(await delayed(() => engine.infer(engine.allocateInputs())));
    other.push(await delayed(() => bare.run(inputs)));
  }
  await bare.release();
  await engine.dispose();
  return [ratioOf('event-loop', 'p99 event-loop delay: engine over bare session.run', ours, other, 0.15)];
}

/** INT8 over FP32: time of one thread, and bytes. */
export async function precision(model: BenchModel, rounds: number): Promise<readonly Ratio[]> {
  const int8 = await model.engine(model.int8, 1);
  const fp32 = await model.engine(model.fp32, 1);
  const a: number[] = [];
  const b: number[] = [];
  for (let i = -10; i < rounds; i++) {
    for (const [engine, times] of i % 2
      ? ([
          [int8, a],
          [fp32, b],
        ] as const)
      : ([
          [fp32, b],
          [int8, a],
        ] as const)) {
      const inputs = engine.allocateInputs();
      model.pack(model.board(i + 10), model.template, imageOf(inputs));
      const { timings } = await engine.infer(inputs);
      if (i >= 0) times.push(timings.runMs);
    }
  }
  await Promise.all([int8.dispose(), fp32.dispose()]);
  const bytes = [model.int8.bytes.length / 1024, model.fp32.bytes.length / 1024] as const;
  return [
    ratioOf('int8-time', 'INT8 over FP32, one thread', a, b, 0.75),
    ratioOf('int8-bytes', 'INT8 over FP32, file size', [bytes[0]], [bytes[1]], 0.3, 'KiB'),
  ];
}
