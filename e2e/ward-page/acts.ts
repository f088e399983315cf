// An alarm reaches the station; a nurse acknowledges by keyboard, takes it, another escalates; two acknowledge at the same moment.
import type { Check } from '../check.js';
import { holdsWithin } from '../running-line.js';
import { people, type RunningWard } from './running-ward.js';
import type { StationPage } from './station-page.js';

const highHz = 880;
const mediumHz = 660;

export async function acts(check: Check, ward: RunningWard, desk: StationPage, corridor: StationPage): Promise<void> {
  const living = await holdsWithin(20_000, async () =>
    (await ward.view()).beds.every(({ readings }) => readings.pulse.state === 'fresh'),
  );
  check('every wearable is heard', living);
  check('a nurse signs in with a PIN', await desk.signIn(people.nurse.name, people.nurse.pin));
  check(
    'a second one at another station',
    await corridor.signIn(people['charge-nurse'].name, people['charge-nurse'].pin),
  );

  ward.tell('atrial-fibrillation', [3]);
  const start = await desk.start('bed/03', 'pulse-high', 25_000);
  const crossed = ward.rigEvents.find(
    (event) => event.event === 'measured' && event['bed'] === 'bed/03' && event['condition'] === 'pulse-high',
  );
  const tookMs = (start?.paintedMs ?? Number.NaN) - Number(crossed?.['atMs']);
  check(
    'from the sample beyond the limit to its paint it takes less than a second',
    tookMs >= 0 && tookMs < 1_000,
    `${tookMs} ms, the tile ${start?.shown === true ? 'shows' : 'does not show'} it`,
  );
  check('the tile shows it when it is confirmed', start?.shown === true);
  const primary = desk.page.getByRole('region', { name: 'Most urgent alarm' });
  const top = await primary.innerText();
  check('it is the one alarm at the top', /Medium[\s\S]*Bed 3[\s\S]*Pulse high/.test(top), top.replaceAll('\n', ' '));
  const heard = await holdsWithin(5_000, async () => (await desk.tones()).some(({ hz }) => hz === mediumHz));
  check('a burst of medium priority is asked of Web Audio', heard);

  const focused = await tabTo(desk, 'Acknowledge', 30);
  await desk.page.keyboard.press('Enter');
  const alarmOf = async (bed: string, condition: string) =>
    (await ward.view()).alarms.find((one) => one.subject === bed && one.condition === condition);
  const acknowledged = await holdsWithin(
    5_000,
    async () => (await alarmOf('bed/03', 'pulse-high'))?.acknowledged?.by === people.nurse.name,
  );
  check('it is acknowledged by keyboard alone', focused && acknowledged);
  const told = corridor.page.locator('[data-bed="bed/03"]').getByText(`acknowledged by ${people.nurse.name}`);
  check('the other station says by whom', await told.waitFor({ timeout: 5_000 }).then(() => true, () => false)); // prettier-ignore

  await desk.goto('#/beds/03');
  await row(desk, 'Pulse high').getByRole('button', { name: 'I take it' }).click();
  const taken = await holdsWithin(5_000, async () => {
    const alarm = await alarmOf('bed/03', 'pulse-high');
    return alarm?.responsibility === 'accepted' && alarm.owner === people.nurse.name;
  });
  check('responsibility is accepted', taken);
  const before = (await alarmOf('bed/03', 'pulse-high'))?.step ?? -1;
  await corridor.goto('#/beds/03');
  await row(corridor, 'Pulse high').getByRole('button', { name: 'Escalate' }).click();
  await corridor.giveReason('does not answer to medication', 'Escalate');
  const escalated = await holdsWithin(
    5_000,
    async () => ((await alarmOf('bed/03', 'pulse-high'))?.step ?? -1) > before,
  );
  check('it is escalated with a reason', escalated);

  ward.tell('hypoxia', [4]);
  const low = await desk.start('bed/04', 'spo2-very-low', 40_000);
  check('a high alarm reaches the station', low?.priority === 'PH' && low.shown !== false);
  const highHeard = await holdsWithin(5_000, async () => (await desk.tones()).some(({ hz }) => hz === highHz));
  check('with the burst of high priority', highHeard);
  await atTheSameMoment(check, ward, desk, corridor);
}

/** Both press in the same millisecond: one is done, the other is told that somebody was first. */
async function atTheSameMoment(
  check: Check,
  ward: RunningWard,
  desk: StationPage,
  corridor: StationPage,
): Promise<void> {
  for (const station of [desk, corridor]) {
    await station.goto('#/beds/04');
    await row(station, 'SpO2 very low').getByRole('button', { name: 'Acknowledge' }).waitFor();
  }
  const atMs = Date.now() + 1_500;
  const answers = await Promise.all(
    [desk, corridor].map(async ({ page }) => {
      const reply = page.waitForResponse((response) => response.url().endsWith('/api/alarms/act'));
      await row({ page }, 'SpO2 very low')
        .getByRole('button', { name: 'Acknowledge' })
        .evaluate((button: HTMLElement, when) => void setTimeout(() => button.click(), when - Date.now()), atMs);
      return (await reply).text();
    }),
  );
  const done = answers.filter((text) => text.includes('"done"'));
  const refused = answers.filter((text) => text.includes('"refused"'));
  check('of two at the same moment one is done and one is refused', done.length === 1 && refused.length === 1, answers.join(' / ')); // prettier-ignore
  const winner = answers[0]?.includes('"done"') === true ? people.nurse.name : people['charge-nurse'].name;
  const both = await holdsWithin(5_000, async () => {
    const texts = await Promise.all([desk, corridor].map((one) => row(one, 'SpO2 very low').innerText()));
    return texts.every((text) => text.includes(`acknowledged by ${winner}`));
  });
  check('both stations say who it was', both, winner);
  const loser = winner === people.nurse.name ? corridor : desk;
  check('the other one is told why not', await loser.page.getByText(/already|acknowledged by/i).first().isVisible()); // prettier-ignore
  const once = await holdsWithin(2_000, async () =>
    (await ward.view()).alarms.some(
      (one) => one.subject === 'bed/04' && one.condition === 'spo2-very-low' && one.acknowledged?.by === winner,
    ),
  );
  check('the gateway has the one who was first', once);
}

const row = ({ page }: Pick<StationPage, 'page'>, what: string) =>
  page.locator('li[data-priority]').filter({ hasText: what });

async function tabTo({ page }: StationPage, text: string, most: number): Promise<boolean> {
  for (let pressed = 0; pressed < most; pressed += 1) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate<string>('document.activeElement?.textContent ?? ""')) === text) return true;
  }
  return false;
}
