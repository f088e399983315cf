// The station of a starter in its container, at a line, a PLC and an MES that run outside of it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeGoldenParts } from '@edge-blueprints/rigs';
import { portOf, startParts } from '../../apps/demo-rig/src/compose/start-parts.js';
import { createRunLedger, linePartSchema, plcPartSchema } from '../../apps/demo-rig/src/run-ledger.js';
import { createStationApi } from '../../apps/demo-rig/src/station-api.js';
import type { Check } from '../check.js';
import { freePort } from '../free-port.js';
import { holdsWithin } from '../running-line.js';
import type { Container } from './container.js';

const boards = 12;

/** What an engineer does on site: addresses, golden templates, golden parts. */
async function setUp(folder: string, frames: number, mes: number) {
  const file = join(folder, 'config/station.cpu.json');
  const ports = { page: await freePort(), plc: await freePort() };
  const config = {
    ...JSON.parse(readFileSync(file, 'utf8')),
    station: { id: 'line-in-container', simulated: true },
    camera: { kind: 'socket', id: 'line-camera', port: frames },
    frame: { width: 640, height: 640 },
    templates: { folder: './templates', pattern: '{productId}.png' },
    plc: { role: 'server', port: ports.plc, simulated: true },
    // The belt takes 1.2 s from the camera to the gate; a busy machine may use most of it.
    join: { by: 'encoder', triggerWaitMs: 500, frameWaitMs: 500 },
    decide: { partDeadlineMs: 800 },
    light: null,
    mes: { url: `http://127.0.0.1:${mes}/cfx`, timeoutMs: 2_000 },
    dashboard: { port: ports.page },
  };
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`);
  return ports;
}

export async function judgesTheLine(check: Check, folder: string, container: Container): Promise<void> {
  const ledger = createRunLedger();
  const parts = startParts({
    onLog: () => undefined,
    onReady: () => undefined,
    onEvent: (part, event) => {
      const left = part === 'line' ? linePartSchema.safeParse(event) : undefined;
      if (left?.success) ledger.line(left.data);
      const seen = part === 'plc' ? plcPartSchema.safeParse(event) : undefined;
      if (seen?.success) ledger.plc(seen.data);
    },
  });
  const started = Date.now();
  try {
    const [templates, golden] = [join(folder, 'config/templates'), join(folder, 'config/golden')];
    for (const place of [templates, golden]) mkdirSync(place, { recursive: true });
    await writeGoldenParts(golden, 9_003);
    const line = await parts.start('line', [
      ...['--rate', '2', '--seed', '7', '--defect-rate', '0.5', '--templates', templates],
      ...['--frame-port', '0', '--wiring-port', '0'],
    ]);
    const mes = await parts.start('mes', ['--port', '0']);
    const ports = await setUp(folder, portOf(line, 'frames'), portOf(mes, 'http'));
    if (!(await container.isReady(check))) return;
    const wiring = `127.0.0.1:${portOf(line, 'wiring')}`;
    await parts.start('plc', ['--role', 'server', '--wiring', wiring, '--station', `127.0.0.1:${ports.plc}`]);
    const api = createStationApi(`http://127.0.0.1:${ports.page}`);
    const judge = async () => ledger.judge(await api.partsSince(started));
    await holdsWithin(120_000, async () => {
      const { accepted, rejected } = await judge();
      return accepted >= 3 && accepted + rejected >= boards;
    });
    const { presented, bad, accepted, escapes, escapesModelMissed, escapesOfTheSystem } = await judge();
    const told = `${presented} boards, ${bad} bad, ${accepted} accepted, ${escapes.count} escapes, ${escapesModelMissed} missed by the model`;
    check('the station in its container accepts good boards', accepted >= 3, told);
    check('no bad board passed that the model caught', escapesOfTheSystem === 0, told);
    const models = [...(await api.partsSince(started)).values()].flatMap(({ model }) => model ?? []);
    const providers = [...new Set(models.map(({ provider }) => provider))];
    check('its model runs in it, on the processor', providers.join() === 'cpu', providers.join());
    container.answersAndStops(check);
    container.startAgain();
    const isKept = await holdsWithin(60_000, () =>
      api.partsSince(started).then(
        (records) => records.size >= boards,
        () => false,
      ),
    );
    check('after a new start its records are still there', isKept, isKept ? '' : container.log());
  } finally {
    await parts.stop();
  }
}
