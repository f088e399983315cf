// The plant misbehaves: whatever happens to PLC, camera, light and MES, no bad board passes that the model caught.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compose, type PartName } from '../apps/demo-rig/src/compose.js';
import { readOptions } from '../apps/demo-rig/src/options.js';
import { createRunLedger, linePartSchema, plcPartSchema } from '../apps/demo-rig/src/run-ledger.js';
import { createStationApi } from '../apps/demo-rig/src/station-api.js';
import { suite } from './check.js';

interface Fault {
  readonly at: Exclude<PartName, 'station'>;
  readonly name: string;
}
const faults: readonly Fault[] = [
  { at: 'plc', name: 'gone' },
  { at: 'plc', name: 'slow' },
  { at: 'plc', name: 'frozen-heartbeat' },
  { at: 'plc', name: 'torn-registers' },
  { at: 'line', name: 'camera-gone' },
  { at: 'line', name: 'camera-freeze' },
  { at: 'line', name: 'black-frame' },
  { at: 'line', name: 'torn-frame' },
  { at: 'line', name: 'light-drift' },
  { at: 'mes', name: 'error-500' },
  { at: 'mes', name: 'hang' },
  { at: 'mes', name: 'ack-lost' },
];
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

for (const role of ['server', 'client'] as const) {
  await suite(`faults, station as Modbus ${role}`, async (check) => {
    const data = await mkdtemp(join(tmpdir(), 'faults-e2e-'));
    const options = readOptions([
      '--role',
      role,
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
    ]);
    if (options === 'help') return;
    const ledger = createRunLedger();
    const started = Date.now();
    const demo = await compose(options, {
      onEvent: (part, event) => {
        const left = part === 'line' ? linePartSchema.safeParse(event) : undefined;
        if (left?.success) ledger.line(left.data);
        const seen = part === 'plc' ? plcPartSchema.safeParse(event) : undefined;
        if (seen?.success) ledger.plc(seen.data);
      },
      onLog: () => undefined,
      onReady: () => undefined,
    });
    const api = createStationApi(demo.url);
    try {
      await pause(3_000);
      for (const { at, name } of faults) {
        demo.processes[at].send({ command: 'fault', name, on: true });
        await pause(2_000);
        demo.processes[at].send({ command: 'fault', name, on: false });
        demo.processes.plc.send({ command: 'reset' });
        await pause(1_500);
      }
      await pause(6_000);
      const before = ledger.presented();
      await pause(4_000);
      check(
        'the line runs again after all faults',
        ledger.presented() > before,
        `${before}, then ${ledger.presented()} boards`,
      );
      const judged = ledger.judge(await api.partsSince(started));
      check(
        'no bad board passed that the model caught',
        judged.escapesOfTheSystem === 0,
        `${judged.presented} boards, ${judged.bad} bad, ${judged.escapes.count} escapes, ${judged.escapesModelMissed} missed by the model`,
      );
      check(
        'boards were judged in between',
        judged.accepted > 0 && judged.presented > 40,
        `${judged.accepted} accepted`,
      );
      for (let i = 0; i < 40 && (await api.view()).mes.pending > 0; i++) await pause(500);
      const { mes } = await api.view();
      const state = (await (await fetch(`${demo.mesUrl}/state`)).json()) as {
        readonly received: number;
        readonly conflicts: number;
      };
      check(
        'the MES has every record once after its faults',
        mes.pending === 0 && mes.dropped === 0 && state.received === mes.delivered && state.conflicts === 0,
        JSON.stringify({ mes, state }),
      );
    } finally {
      await demo.stop();
      await rm(data, { recursive: true, force: true });
    }
  });
}

await suite('faults, PLC killed mid-part', async (check) => {
  const data = await mkdtemp(join(tmpdir(), 'faults-e2e-'));
  const options = readOptions([
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
  ]);
  if (options === 'help') return;
  const bins: string[] = [];
  let killed = false;
  const demo = await compose(options, {
    onEvent: (part, event) => {
      const left = part === 'line' ? linePartSchema.safeParse(event) : undefined;
      if (left?.success && killed) bins.push(left.data.bin);
    },
    onLog: () => undefined,
    onReady: () => undefined,
  });
  try {
    await pause(4_000);
    demo.processes.plc.kill();
    killed = true;
    await pause(4_000);
    check(
      'no board on the belt was accepted without a PLC',
      !bins.includes('accept'),
      `${bins.length} boards fell into the reject bin or wait on the belt`,
    );
  } finally {
    await demo.stop();
    await rm(data, { recursive: true, force: true });
  }
});
