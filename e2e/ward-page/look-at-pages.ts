// Every page in dark and light: axe finds nothing serious; the display on the wall names nobody and has nothing to press.
import { join } from 'node:path';
import { axe, readAxe } from '../browser.js';
import type { Check } from '../check.js';
import { people } from './running-ward.js';
import type { StationPage } from './station-page.js';

export async function lookAtPages(
  check: Check,
  out: string,
  { desk, corridor, wall }: { readonly desk: StationPage; readonly corridor: StationPage; readonly wall: StationPage },
): Promise<void> {
  const source = await readAxe();
  const shots: readonly (readonly [string, StationPage, string])[] = [
    ['ward', desk, '#/'],
    ['bed', desk, '#/beds/03'],
    ['handover', desk, '#/handover'],
    ['history', desk, '#/history'],
    ['audit', corridor, '#/audit'],
    ['wall', wall, '#/'],
  ];
  for (const [name, station, hash] of shots) {
    const { page } = station;
    await station.goto(hash);
    await page.waitForSelector(name === 'ward' || name === 'wall' ? '[data-bed]' : 'main h1');
    for (const scheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.waitForTimeout(400);
      await page.screenshot({ path: join(out, `ward-${name}-${scheme}.png`) });
      const found = await axe(page, source);
      check(`ward page ${name} in ${scheme} has no serious accessibility fault`, found.length === 0, found.join(', '));
    }
  }
  const text = await wall.page.locator('body').innerText();
  const named = [...Object.values(people).map(({ name }) => name), 'Invented Person'].filter((name) =>
    text.includes(name),
  );
  check('the display on the wall shows the alarms', /Pulse high/.test(text));
  check('it names nobody', named.length === 0, named.join(', '));
  const pressable = await wall.page.locator('main button').count();
  check(
    'it has nothing to press',
    pressable === 0 && (await wall.page.locator('main a').count()) === 0,
    `${pressable}`,
  );
}
