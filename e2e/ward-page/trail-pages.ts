// What stays: handover, history, and the trail with a search, one proof and its export.
import { readFile } from 'node:fs/promises';
import type { Check } from '../check.js';
import { people } from './running-ward.js';
import type { StationPage } from './station-page.js';

export async function trailPages(check: Check, station: StationPage): Promise<void> {
  const { page } = station;
  const visible = (text: string | RegExp): Promise<boolean> =>
    page.getByText(text).first().waitFor({ timeout: 5_000 }).then(() => true, () => false); // prettier-ignore
  await station.goto('#/handover');
  await page.getByRole('heading', { name: 'Handover', exact: true }).waitFor();
  const handover = await page.locator('table').innerText();
  check(
    'the handover tells of the bed with the alarm',
    /Bed 3[\s\S]*Pulse 1\d\d \/min, limit 130[\s\S]*Bed 4/.test(handover),
  );
  await station.goto('#/history');
  await page.locator('table').waitFor();
  const history = await page.locator('table').innerText();
  check(
    'the history says who did what',
    history.includes(people.nurse.name) && history.includes('does not answer to medication'),
    history.slice(0, 160).replace(/\s+/g, ' '),
  );

  await station.signOut();
  check('an auditor signs in', await station.signIn(people.auditor.name, people.auditor.pin));
  await station.goto('#/audit');
  await page.getByRole('searchbox').fill(`bed/03 ${people['charge-nurse'].name} escalate`);
  const found = page.locator('tbody tr').filter({ hasText: people['charge-nurse'].name });
  const has = await found.first().waitFor({ timeout: 8_000 }).then(() => true, () => false); // prettier-ignore
  check('the trail is searched', has, `${await page.locator('tbody tr').count()} entries`);
  if (!has) return;
  await found.first().getByRole('link').click();
  check('an entry is proven', await visible('The leaf is in the log: holds'));
  const proof = await page.locator('section').filter({ hasText: 'The leaf is in the log' }).last().innerText();
  check('no check fails', !proof.includes('DOES NOT HOLD'));
  const [download] = await Promise.all([
    page.waitForEvent('download', { timeout: 10_000 }),
    page.getByRole('link', { name: 'Export the evidence' }).click(),
  ]);
  const file: unknown = JSON.parse(await readFile(await download.path(), 'utf8'));
  const text = JSON.stringify(file);
  check('the evidence is exported with leaf, proof and checkpoint', /leafHash/.test(text) && /checkpoint/.test(text));
  check('it names no patient', !text.includes('Invented Person'));
}
