// The plant misbehaves: whatever happens to PLC, camera, light and MES, no bad board passes that the model caught.
import type { FactoryDemo } from '../apps/demo-rig/src/compose/compose-factory.js';
import { suite } from './check.js';
import { holdsWithin, pause, withRunningLine } from './running-line.js';

interface Fault {
  readonly at: Exclude<keyof FactoryDemo['processes'], 'station'>;
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

for (const role of ['server', 'client'] as const) {
  await suite(`faults, station as Modbus ${role}`, (check) =>
    withRunningLine(['--role', role], async ({ demo, api, ledger, judge }) => {
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
      const judged = await judge();
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
      await holdsWithin(20_000, async () => (await api.view()).mes.pending === 0);
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
    }),
  );
}

await suite('faults, PLC killed mid-part', (check) =>
  withRunningLine([], async ({ demo, fallen }) => {
    await pause(4_000);
    demo.processes.plc.kill();
    const before = fallen.length;
    await pause(4_000);
    const bins = fallen.slice(before).map(({ bin }) => bin);
    check(
      'no board on the belt was accepted without a PLC',
      !bins.includes('accept'),
      `${bins.length} boards fell into the reject bin or wait on the belt`,
    );
  }),
);
