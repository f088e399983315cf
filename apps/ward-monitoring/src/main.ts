import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, createJsonLogger, errorCode, errorMessage } from '@edge-blueprints/contracts';
import { createLineOutput, readVersion, stopRequested } from '@edge-blueprints/pipeline';
import { readWardConfig, type WardConfig } from './config.js';
import { fhirListener, type FhirListener } from './fhir/fhir-listener.js';
import { readReportedModel } from './fhir/reported-model.js';
import { type OpenListener, openWardGateway } from './open-gateway.js';
import { machineSurroundings, type WardSurroundings } from './ward-surroundings.js';

const help = `The gateway of one ward: wearables to scores to alarms to nurse stations, and an audit trail.
Reference implementation, not a medical device.

  node tools/run.mjs apps/ward-monitoring/src/main.ts --config FILE [--report-ms N] [--supervised]

  --config FILE   configuration (config/ward.example.json shows the parts)
  --report-ms N   an event "progress" with its figures every so many ms (0: none)
  --supervised    also stop on {"command":"stop"} or the end of standard input
  --help

Events are JSON lines on standard output, the log on standard error.
`;
const events = createLineOutput(1);
const logLines = createLineOutput(2);
const emit = (event: unknown): boolean => events.write(`${JSON.stringify(event)}\n`);
const log = createJsonLogger({ write: (text) => logLines.write(text), now: () => Date.now() });

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      config: { type: 'string' },
      'report-ms': { type: 'string', default: '0' },
      supervised: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) return void events.write(help);
  if (values.config === undefined) throw new ConfigError('config.missing', `--config FILE is needed\n\n${help}`);
  const reportMs = Number(values['report-ms']);
  if (!Number.isSafeInteger(reportMs) || reportMs < 0 || (reportMs > 0 && reportMs < 100))
    throw new ConfigError(
      'config.invalid',
      `--report-ms is 0, or milliseconds from 100 on, not ${values['report-ms']}`,
    );
  const config = readWardConfig(values.config);
  const stopping = stopRequested(values.supervised === true);
  const surroundings = machineSurroundings(log, config.clock === 'trusted');
  let fhir: FhirListener | undefined;
  const gateway = await openWardGateway(
    config,
    surroundings,
    fhirRecord(config, surroundings, (opened) => (fhir = opened)),
  );
  const { pagePort: page, mqttPort: mqtt } = gateway;
  emit({
    event: 'ready',
    part: 'ward',
    version: readVersion(join(import.meta.dirname, '../package.json')),
    ports: { page, ...(mqtt === null ? {} : { mqtt }) },
  });
  const report = (event: 'progress' | 'stopped'): void =>
    void emit({ event, part: 'ward', ...gateway.figures(), fhir: fhir?.figures() ?? null });
  const reporting = reportMs === 0 ? undefined : setInterval(report, reportMs, 'progress');
  await stopping.finally(() => {
    clearInterval(reporting);
    return gateway.close();
  });
  report('stopped');
}

/** The ward as FHIR, beside the path; undefined where it is off. */
function fhirRecord(
  { fhir, stateFolder, model }: WardConfig,
  { clock, random, newId }: WardSurroundings,
  onOpen: (listener: FhirListener) => void,
): OpenListener | undefined {
  if (fhir.mode === 'off') return undefined;
  return async (ward) => {
    const reported = await readReportedModel(model, { activatedMs: clock.epochMs(), log });
    const parts = { config: fhir, folder: stateFolder, clock, random, newId, log };
    const listener = await fhirListener({ ...parts, ...(reported === undefined ? {} : { model: reported }) })(ward);
    onOpen(listener);
    return listener;
  };
}

main()
  .catch((error: unknown) => {
    log.error('ward.failed', { code: errorCode(error), message: errorMessage(error) });
    emit({ event: 'failed', part: 'ward', code: errorCode(error), message: errorMessage(error) });
    process.exitCode = 1;
  })
  .finally(() => process.stdin.destroy());
