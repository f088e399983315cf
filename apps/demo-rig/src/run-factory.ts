import { errorMessage } from '@edge-blueprints/contracts';
import type { FactoryDemo } from './compose/compose-factory.js';
import type { DemoOptions } from './options.js';
import { factoryReport, type FactoryReport } from './report/factory-report.js';
import type { RunLedger } from './run-ledger.js';
import { createStationApi } from './station-api.js';

/** Waits (bounded) for the golden check, without which the station withholds READY. */
export async function goldenOutcome(factory: FactoryDemo, ending: AbortSignal): Promise<string> {
  const api = createStationApi(factory.url);
  const limit = Date.now() + 20_000;
  for (;;) {
    const { golden } = await api.view();
    if (golden.state === 'passed') return `golden check passed: ${golden.results.length} parts as expected`;
    if (golden.state === 'failed') return `golden check FAILED, the line is held: ${golden.detail}`;
    if (ending.aborted || Date.now() > limit) return `golden check ${golden.state}: ${golden.detail}`;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Stops the belt, waits (bounded) until the MES has every record, then reports. */
export async function reportFactory(
  factory: FactoryDemo,
  run: { readonly options: DemoOptions; readonly ledger: RunLedger; readonly startedAt: Date },
): Promise<FactoryReport> {
  factory.processes.line.send({ command: 'fault', name: 'belt-stop', on: true });
  const api = createStationApi(factory.url);
  const limit = Date.now() + 15_000;
  for (let quiet = 0; quiet < 4 && Date.now() < limit;) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const view = await api.view();
    quiet = view.mes.pending === 0 ? quiet + 1 : 0;
  }
  const [view, records, mes] = await Promise.all([
    api.view(),
    api.partsSince(run.startedAt.getTime()),
    fetch(`${factory.mesUrl}/state`).then(
      (response) => response.json() as Promise<unknown>,
      (error: unknown) => ({ unreachable: errorMessage(error) }),
    ),
  ]);
  const judged = run.ledger.judge(records);
  return factoryReport({ judged, view, mes, records, parts: run.ledger.parts() });
}
