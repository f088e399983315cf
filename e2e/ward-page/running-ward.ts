// A gateway, a rendered ward over MQTT and people with PINs, as processes that a suite can disturb.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WardView } from '@edge-blueprints/contracts';
import { startGateway, startWardRig, writeWardConfig } from '../../apps/demo-rig/src/bench/ward/start-ward.js';
import { buildPage } from '../../apps/demo-rig/src/compose/page-build.js';
import { repositoryRoot, webKitSource } from '../../apps/demo-rig/src/compose/start-parts.js';
import type { ProcessEvent, SupervisedProcess } from '../../apps/demo-rig/src/supervised-process.js';
import { putWardUser } from '../../apps/ward-monitoring/src/access/ward-users.js';

export const people = {
  nurse: { name: 'n.adams', pin: '271828' },
  'charge-nurse': { name: 'c.baker', pin: '314159' },
  physician: { name: 'p.clark', pin: '161803' },
  auditor: { name: 'a.audit', pin: '141421' },
} as const;

export interface RunningWard {
  readonly url: string;
  readonly pagePort: number;
  readonly gateway: SupervisedProcess;
  readonly rigEvents: readonly ProcessEvent[];
  view(): Promise<WardView>;
  /** Tells a story that begins at once and does not end within the suite. */
  tell(name: string, patients: readonly number[], holdS?: number): void;
  mend(patients: readonly number[]): void;
}

/** Twelve people who breathe air, with a usual SpO2: nobody alarms before the suite says so. */
const seed = 6;
/** Delays are left out, so that a sample beyond its limit is an alarm at once. */
const alarms = {
  conditions: Object.fromEntries(
    ['pulse-high', 'pulse-low', 'spo2-low', 'spo2-very-low'].map((name) => [name, { delayMs: 0 }]),
  ),
};
const watch = { watch: { noticeMs: 0, clearAfterMs: 2_000, movingDelayMs: 0, movingUrgentDelayMs: 0 } };

/** @returns exit codes of the gateway and the rig: 0 where they stopped by themselves */
export async function withRunningWard(
  patients: number,
  body: (ward: RunningWard) => Promise<void>,
): Promise<readonly (number | null)[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ward-page-'));
  const started: SupervisedProcess[] = [];
  const codes: (number | null)[] = [];
  try {
    const page = await buildPage(join(repositoryRoot, 'apps/ward-monitoring/web'), [webKitSource]);
    const config = await writeWardConfig({ folder, pageFolder: page.folder, patients, settings: { alarms, watch } });
    for (const role of ['nurse', 'charge-nurse', 'physician', 'auditor'] as const)
      await putWardUser(join(folder, 'users.json'), people[role].name, role, people[role].pin);
    const gateway = await startGateway(config, {});
    started.push(gateway);
    const { page: pagePort = 0, mqtt = 0 } = gateway.ports;
    const rigEvents: ProcessEvent[] = [];
    const rig = await startWardRig(mqtt, patients, ['--measured', 'on', '--seed', String(seed)], {
      onEvent: (event) => void rigEvents.push(event),
    });
    started.push(rig);
    const url = `http://127.0.0.1:${pagePort}`;
    await body({
      ...{ url, pagePort, gateway, rigEvents },
      view: async () => (await (await fetch(`${url}/api/view`)).json()) as WardView,
      tell: (name, who, holdS = 600) =>
        rig.send({ command: 'story', name, patients: who, riseS: 0, holdS, fallS: 0, height: 1 }),
      mend: (who) => rig.send({ command: 'mend', patients: who }),
    });
  } finally {
    for (const process of started.reverse()) codes.push(await process.stop());
    await rm(folder, { recursive: true, force: true });
  }
  return codes;
}
