import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import type { DemoOptions } from '../options.js';
import type { FactoryReport } from './factory-report.js';
import type { StoreReport } from './store-report.js';
import type { WardReport } from './ward-report.js';

/** The run itself: what was asked for, on which machine, how long. */
export function runFacts(run: {
  readonly options: DemoOptions;
  readonly startedAt: string;
  readonly readySeconds: number;
  readonly runSeconds: number;
}) {
  return {
    format: 'edge-demo-report/1',
    startedAt: run.startedAt,
    readySeconds: run.readySeconds,
    runSeconds: run.runSeconds,
    machine: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
      node: process.version,
      loadAverage: loadavg()[0],
    },
    options: run.options,
  };
}

/** Everything a run showed, as one JSON document: the factory's figures at the top, the others' under `store` and `ward`. */
export type RunReport = ReturnType<typeof runFacts> &
  Partial<FactoryReport> & { readonly store?: StoreReport; readonly ward?: WardReport };
