// The disk takes nothing more, and the model's file is damaged: what alarms goes on, what must be written or trusted is refused.
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from '../check.js';
import { holdsWithin } from '../running-line.js';
import { openGateway, readTrail } from './faulty-ward.js';
import { desaturate, isSeen, order, saturationStart, toldWithin, type LiveWard } from './live-ward.js';
import { openStation } from './ward-station.js';

/** No file of the gateway may grow, as a quota has it. Needs no rights. */
const limitFiles = (pid: number | undefined, limit: string): void =>
  void execFileSync('prlimit', ['--pid', String(pid), `--fsize=${limit}:unlimited`]);

export async function withoutDisk(live: LiveWard, check: Check): Promise<void> {
  const { rig, gateway, station } = live;
  const { pid } = gateway.process.child;
  if (spawnSync('prlimit', ['--version']).error !== undefined)
    return console.log('skip ward, disk full: prlimit is absent');
  const nurse = await gateway.signIn('n.adams');
  await holdsWithin(20_000, () => isSeen(live));
  limitFiles(pid, '0');
  const sinceMs = performance.now();
  desaturate(rig, 1);
  const told = await toldWithin(station, sinceMs, 15_000, saturationStart(1));
  check('disk full: alarms still sound', told !== undefined, `${told ?? 'not'} ms with 2 s of the rise`);
  const failed = await toldWithin(station, sinceMs, 10_000, ({ alarm }) => alarm.condition === 'audit-failed');
  check(
    'disk full: it is an alarm of its own and on every view',
    failed !== undefined && (await gateway.view()).gateway.auditFailed,
  );
  const alarm = station.events.findLast(saturationStart(1))?.alarm;
  const act = { act: 'acknowledge', alarmId: alarm?.alarmId ?? '' } as const;
  const refusal = await nurse.act(act);
  check(
    'disk full: an acknowledgement that nobody could prove is refused with words',
    refusal !== 'done' && refusal.length > 10,
    refusal,
  );
  const { status, body } = await nurse.call('POST', '/api/beds/02/observations', { temperature: '37,4' });
  check(
    'disk full: so is an observation',
    !JSON.stringify(body).includes('"done"'),
    `${status} ${JSON.stringify(body)}`,
  );

  limitFiles(pid, 'unlimited');
  let answer = '';
  const open = await holdsWithin(20_000, async () => (answer = await nurse.act(act)) === 'done');
  const healed = await holdsWithin(10_000, async () => !(await gateway.view()).gateway.auditFailed);
  check('disk free again: acts are taken by themselves', open && healed, answer);
  const gaps = await readTrail(await gateway.signIn('a.auditor'), 'audit.gap');
  check(
    'disk free again: the trail declares the gap',
    gaps.length > 0,
    gaps.map(({ reason = '' }) => reason).join('; '),
  );
  order(rig, { command: 'mend', patients: 'all' });
}

/** @returns the ward with its next gateway */
export async function withoutModel(
  live: LiveWard,
  given: { readonly program: string; readonly config: string; readonly bundle: string },
  check: Check,
): Promise<LiveWard> {
  const { rig, gateway } = live;
  const auditor = await gateway.signIn('a.auditor');
  const active = (await readTrail(auditor, 'model.')).filter(({ type }) => type === 'model.activated');
  check('T24: the trail names the model that is in use', active.length === 1, active[0]?.object);
  const file = join(given.bundle, readdirSync(given.bundle).find((name) => name.endsWith('.onnx')) ?? '');
  const bytes = readFileSync(file);
  writeFileSync(
    file,
    bytes.map((byte, at) => (at % 97 === 0 ? byte ^ 0x55 : byte)),
  );
  const sinceMs = performance.now();
  desaturate(rig, 2);
  const told = await toldWithin(live.station, sinceMs, 15_000, saturationStart(2));
  check(
    'T24: a model file that is damaged in the middle of a run does not touch the rules',
    told !== undefined,
    `${told ?? 'not'} ms`,
  );
  order(rig, { command: 'mend', patients: 'all' });
  live.station.close();
  await gateway.stop();

  const next = await openGateway(given.program, given.config);
  const again = { ...live, gateway: next, station: await openStation(next.origin, 0) };
  const refused = (await readTrail(await next.signIn('a.auditor'), 'model.rejected')).filter(
    ({ type }) => type === 'model.rejected',
  );
  check('T24: the next start refuses it, says why in the trail, and runs', refused.length === 1, refused[0]?.reason);
  await holdsWithin(20_000, () => isSeen(again));
  const laterMs = performance.now();
  desaturate(rig, 3);
  const rules = await toldWithin(again.station, laterMs, 15_000, saturationStart(3));
  check('T24: without a model the rules alarm as before', rules !== undefined, `${rules ?? 'not'} ms`);
  order(rig, { command: 'mend', patients: 'all' });
  writeFileSync(file, bytes);
  return again;
}
