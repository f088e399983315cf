// Work at a bed: observations make the score complete, scale 2 by role, the wearable taken away and given back.
import type { Check } from '../check.js';
import { holdsWithin } from '../running-line.js';
import { people, type RunningWard } from './running-ward.js';
import type { StationPage } from './station-page.js';

export async function bedWork(
  check: Check,
  ward: RunningWard,
  desk: StationPage,
  corridor: StationPage,
): Promise<void> {
  const bedOf = async (bed: string) => (await ward.view()).beds.find((one) => one.bed === bed);
  await desk.goto('#/beds/05');
  await desk.page.getByRole('heading', { name: 'Bed 5' }).waitFor();
  check('without observations the score is an interval', (await bedOf('bed/05'))?.score?.complete === false);
  const observe = desk.page.locator('form').filter({ hasText: 'Temperature' });
  await observe.getByLabel('Temperature').fill('98,6');
  check('Fahrenheit is told at once', await observe.getByText(/Fahrenheit/).isVisible());
  await observe.getByLabel('Temperature').fill('37,2');
  await observe.getByLabel('Systolic').fill('121');
  await observe.getByLabel('Diastolic').fill('74');
  await observe.getByLabel('Air or oxygen').selectOption('air');
  await observe.getByLabel('Consciousness').selectOption('A');
  await observe.getByRole('button', { name: 'Record' }).click();
  const complete = await holdsWithin(10_000, async () => (await bedOf('bed/05'))?.score?.complete === true);
  const score = (await bedOf('bed/05'))?.score;
  check('with them it is complete', complete && score?.lo === score?.hi, `${score?.lo} to ${score?.hi}`);
  const words = desk.page.getByText('Everything that the chart needs is known.');
  check('the page says so', await words.waitFor({ timeout: 5_000 }).then(() => true, () => false)); // prettier-ignore
  check('comma and point are the same', (await bedOf('bed/05'))?.readings.temperature.value === 37.2);

  check('a nurse is not offered the scale', (await desk.page.getByRole('button', { name: /SpO2 scale 2/ }).count()) === 0); // prettier-ignore
  await corridor.signOut();
  check('a physician signs in', await corridor.signIn(people.physician.name, people.physician.pin));
  await corridor.goto('#/beds/05');
  await corridor.page.getByRole('button', { name: 'Change to SpO2 scale 2' }).click();
  await corridor.giveReason('hypercapnic failure, target 88 to 92', 'Change the scale');
  const changed = await holdsWithin(5_000, async () => (await bedOf('bed/05'))?.score?.scale === 2);
  check('the physician changes to scale 2 with a reason', changed);

  await desk.goto('#/beds/06');
  await desk.page.getByRole('button', { name: 'Take the wearable away' }).click();
  await desk.giveReason('shower', 'Take it away');
  const away = await holdsWithin(5_000, async () => (await bedOf('bed/06'))?.device === null);
  await desk.page.getByLabel('Wearable (device id)').fill('w-0006');
  await desk.page.getByRole('button', { name: 'Assign', exact: true }).click();
  await desk.giveReason('back from the shower', 'Assign');
  const back = await holdsWithin(
    15_000,
    async () =>
      (await bedOf('bed/06'))?.device === 'w-0006' && (await bedOf('bed/06'))?.readings.pulse.state === 'fresh',
  );
  check('a wearable is taken away and given back', away && back);
  await desk.page.getByRole('button', { name: /^Show name/ }).click();
  check('a name is shown on request', await desk.page.getByText('Invented Person 6, 60 years').waitFor({ timeout: 5_000 }).then(() => true, () => false)); // prettier-ignore
}
