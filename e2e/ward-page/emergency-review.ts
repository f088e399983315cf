// Rights of an emergency: taken by a nurse with a reason, seen at every station, reviewed by somebody else, who works with the keyboard alone.
import { join } from 'node:path';
import { axe, readAxe } from '../browser.js';
import type { Check } from '../check.js';
import { people } from './running-ward.js';
import type { StationPage } from './station-page.js';

export async function emergencyReview(
  check: Check,
  out: string,
  { desk, corridor }: { readonly desk: StationPage; readonly corridor: StationPage },
): Promise<void> {
  const seen = (station: StationPage, text: string | RegExp): Promise<boolean> =>
    station.page.getByText(text).first().waitFor({ timeout: 8_000 }).then(() => true, () => false); // prettier-ignore
  await desk.goto('#/beds/05');
  await desk.page.getByRole('button', { name: 'Emergency rights' }).click();
  await desk.giveReason('no physician can be reached', 'Take the rights');
  const banner = `Emergency: ${people.nurse.name} uses the rights of a physician`;
  check('an emergency is seen at the other station', await seen(corridor, new RegExp(banner)));
  check(
    'a nurse is not offered the reviews',
    (await desk.page.getByRole('link', { name: 'Emergencies', exact: true }).count()) === 0,
  );
  const ended = await desk.page.evaluate(async () => (await fetch('/api/break-glass', { method: 'DELETE' })).status);
  check('the nurse gives the rights back', ended === 200, String(ended));

  // At the corridor an auditor is signed in.
  const { page } = corridor;
  await page.keyboard.press('5');
  const row = page.locator('tbody tr').filter({ hasText: 'no physician can be reached' });
  const listed = await row.first().waitFor({ timeout: 8_000 }).then(() => true, () => false); // prettier-ignore
  check('the use waits for its review', listed && (await seen(corridor, '1 waits for a review')));
  if (!listed) return;
  const source = await readAxe();
  for (const scheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(out, `ward-emergencies-${scheme}.png`) });
    const found = await axe(page, source);
    check(`ward page emergencies in ${scheme} has no serious accessibility fault`, found.length === 0, found.join());
  }
  await row.getByRole('button', { name: /^Review the emergency of/ }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await page.screenshot({ path: join(out, 'ward-emergencies-dialog.png') });
  const dialogFaults = await axe(page, source);
  check('its dialog has no serious accessibility fault', dialogFaults.length === 0, dialogFaults.join());
  await dialog.getByLabel('Reason').focus();
  await page.keyboard.type('justified: the physician on call was in theatre');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const kept = await seen(corridor, 'none waits for a review');
  check('an auditor reviews it with the keyboard alone', kept && (await row.innerText()).includes('in theatre'));
  await row.getByRole('link', { name: /^What was done/ }).click();
  check('the entries of that time are found', await seen(corridor, 'review an emergency'));
}
