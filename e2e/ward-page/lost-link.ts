// T9: the link of a station is cut, then the gateway stands still. The station itself says so, and misses nothing.
import type { LinkProxy } from '../../libs/rigs/src/lib/link/link-proxy.js';
import type { Check } from '../check.js';
import { holdsWithin, pause } from '../running-line.js';
import type { RunningWard } from './running-ward.js';
import type { StationPage } from './station-page.js';

const lostHz = 760;

export async function lostLink(check: Check, ward: RunningWard, desk: StationPage, proxy: LinkProxy): Promise<void> {
  await desk.goto('#/');
  await desk.page.waitForSelector('[data-bed]');
  const cutMs = Date.now();
  await proxy.set({ state: 'cut' });
  await saysLost(check, desk, cutMs, 'a cut link');
  const struck = await desk.page.locator('[data-bed="bed/08"] s').count();
  check('its values are marked as no longer monitored', struck >= 3, `${struck} struck through`);
  ward.tell('atrial-fibrillation', [7, 8, 9]);
  const before = (await desk.painted()).length;
  const missed = await holdsWithin(25_000, async () => {
    const { alarms } = await ward.view();
    return ['bed/07', 'bed/08', 'bed/09'].every((bed) =>
      alarms.some(({ subject, condition }) => subject === bed && condition === 'pulse-high'),
    );
  });
  const { offset } = await ward.view();
  const upMs = Date.now();
  await proxy.set({ state: 'up' });
  const complete = await holdsWithin(5_000, async () => (await desk.painted()).some((event) => event.offset >= offset));
  const after = (await desk.painted()).slice(before);
  const lastMs = after.find((event) => event.offset >= offset)?.paintedMs ?? Number.NaN;
  const offsets = after.map((event) => event.offset);
  check(
    'what happened meanwhile comes in order and without a gap',
    missed && complete && offsets.every((number, index) => index === 0 || number === (offsets[index - 1] ?? 0) + 1),
    `${offsets.length} events`,
  );
  check('within two seconds after the link is back', lastMs - upMs <= 2_000, `${lastMs - upMs} ms`);
  check('and it is monitored again', await desk.page.getByText('Monitored ·').waitFor({ timeout: 3_000 }).then(() => true, () => false)); // prettier-ignore

  const { pid } = ward.gateway;
  if (pid === undefined) return check('the gateway has a process', false);
  const stopMs = Date.now();
  process.kill(pid, 'SIGSTOP');
  try {
    await saysLost(check, desk, stopMs, 'a gateway that stands still');
    await pause(500);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  const again = await holdsWithin(4_000, async () => (await desk.page.getByText('Monitored ·').count()) > 0);
  check('it goes on by itself when the gateway does', again);
}

async function saysLost(check: Check, desk: StationPage, sinceMs: number, what: string): Promise<void> {
  const banner = desk.page.getByText('MONITORING LOST').first();
  const shown = await banner.waitFor({ timeout: 8_000 }).then(() => true, () => false); // prettier-ignore
  const shownMs = Date.now() - sinceMs;
  const sounded = await holdsWithin(2_000, async () =>
    (await desk.tones()).some(({ hz, atMs }) => hz === lostHz && atMs > sinceMs),
  );
  const tone = (await desk.tones()).find(({ hz, atMs }) => hz === lostHz && atMs > sinceMs);
  const soundedMs = (tone?.atMs ?? Number.NaN) - sinceMs;
  check(
    `the station itself sounds and says "monitoring lost" within 4 s of ${what}`,
    shown && sounded && shownMs <= 4_000 && soundedMs <= 4_000,
    `said after ${shownMs} ms, sounded after ${soundedMs} ms`,
  );
}
