import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compose } from '../compose/compose.js';
import { readOptions } from '../options.js';
import { createRunLedger, linePartSchema, plcPartSchema } from '../run-ledger.js';
import { createStationApi } from '../station-api.js';
import { quantile } from './compare.js';

/** Capture-to-coil of one run of the whole demo. Quantiles in ms, null where the count does not support them. */
export interface LineFigures {
  readonly role: 'server' | 'client';
  readonly count: number;
  readonly captureToCoil: Quantiles;
  /** The same less the model's own run of the same part: everything that is not the model. */
  readonly besidesModel: Quantiles;
  readonly model: Quantiles;
  readonly escapesOfTheSystem: number;
}

export interface Quantiles {
  readonly p50: number;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** Runs line, PLC, MES and station until `parts` boards were judged. */
export async function captureToCoil(
  role: 'server' | 'client',
  parts: number,
  rate: number,
  say: (text: string) => void,
): Promise<LineFigures> {
  const data = await mkdtemp(join(tmpdir(), 'edge-bench-'));
  const parsed = readOptions([
    '--no-hub',
    '--app',
    'manufacturing',
    '--role',
    role,
    '--rate',
    String(rate),
    '--data',
    data,
    '--port',
    '0',
    '--modbus-port',
    '0',
  ]);
  if (parsed === 'help') throw new RangeError('The bench asked for help.');
  const ledger = createRunLedger();
  const coils = new Map<string, number>();
  const started = Date.now();
  const demo = await compose(parsed, {
    onEvent: (part, event) => {
      const left = part === 'line' ? linePartSchema.safeParse(event) : undefined;
      if (left?.success) ledger.line(left.data);
      const seen = part === 'plc' ? plcPartSchema.safeParse(event) : undefined;
      if (seen?.success) {
        ledger.plc(seen.data);
        if (seen.data.coilAtMs !== null) coils.set(seen.data.partId, seen.data.coilAtMs);
      }
    },
    onLog: () => undefined,
    onReady: () => undefined,
  });
  try {
    const limit = Date.now() + (parts / rate) * 2_000 + 60_000;
    for (let told = 0; ledger.presented() < parts && Date.now() < limit;) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      if (Date.now() - told > 10_000) {
        told = Date.now();
        say(`  ${role}: ${ledger.presented()} of ${parts} boards\n`);
      }
    }
    const records = await createStationApi(demo.factory?.url ?? '').partsSince(started);
    const whole: number[] = [];
    const besides: number[] = [];
    const model: number[] = [];
    for (const [partId, part] of ledger.parts()) {
      const coil = coils.get(partId);
      const record = records.get(partId);
      if (coil === undefined || record === undefined || record.timings.runMs === 0) continue;
      whole.push(coil - part.capturedAtMs);
      besides.push(coil - part.capturedAtMs - record.timings.runMs);
      model.push(record.timings.runMs);
    }
    // The first boards warm caches and compilers up.
    const [a, b, c] = [whole, besides, model].map((values) => quantiles(values.slice(20)));
    const none = { p50: Number.NaN, p95: null, p99: null };
    return {
      role,
      count: Math.max(0, whole.length - 20),
      captureToCoil: a ?? none,
      besidesModel: b ?? none,
      model: c ?? none,
      escapesOfTheSystem: ledger.judge(records).escapesOfTheSystem,
    };
  } finally {
    await demo.stop();
    await rm(data, { recursive: true, force: true });
  }
}

function quantiles(values: readonly number[]): Quantiles {
  return {
    p50: quantile(values, 0.5),
    p95: values.length < 59 ? null : quantile(values, 0.95),
    p99: values.length < 662 ? null : quantile(values, 0.99),
  };
}
