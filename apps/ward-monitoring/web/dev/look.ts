/**
 * Opens every page in Chromium, writes screenshots and runs axe on each.
 * `node tools/run.mjs apps/ward-monitoring/web/dev/look.ts <url> <output folder> [name part]`
 */
import type { Page } from 'playwright-core';
import { look } from '../../../../tools/web-look/look.js';
import type { Shot } from '../../../../tools/web-look/look.js';

interface PersonShot extends Shot {
  /** Nobody unless told. */
  readonly person?: string;
}

/** A touch: the browser then plays sounds, and the bar that asks for it goes. */
const touch = (page: Page) => page.mouse.click(4, 4);
const see = (type: 'deuteranopia' | 'protanopia' | 'achromatopsia') => async (page: Page) => {
  await touch(page);
  const client = await page.context().newCDPSession(page);
  await client.send('Emulation.setEmulatedVisionDeficiency', { type });
};
const typed = async (page: Page): Promise<void> => {
  await page.getByLabel('Temperature, °C').fill('98,6');
  await page.getByLabel('Pulse, /min').fill('0');
  await page.getByLabel('Systolic, mmHg').fill('118');
};

const shots: readonly PersonShot[] = [
  { name: 'ward', hash: '#/', act: touch },
  { name: 'ward-silent-sound', hash: '#/', sizes: ['panel'] },
  { name: 'ward-calm', hash: '#/', scenario: 'calm', sizes: ['panel'], act: touch },
  { name: 'ward-flood', hash: '#/', scenario: 'flood', sizes: ['panel', 'wall'], act: touch },
  { name: 'ward-trouble', hash: '#/', scenario: 'trouble', sizes: ['panel'], act: touch },
  { name: 'ward-deuteranopia', hash: '#/', sizes: ['panel'], act: see('deuteranopia') },
  { name: 'ward-protanopia', hash: '#/', sizes: ['panel'], act: see('protanopia') },
  { name: 'ward-achromatopsia', hash: '#/', sizes: ['panel'], act: see('achromatopsia') },
  { name: 'display', hash: '', query: '?wall', sizes: ['wall'], act: touch },
  { name: 'bed', hash: '#/beds/04', person: 'physician', act: touch },
  { name: 'bed-typed', hash: '#/beds/02', person: 'nurse', sizes: ['tablet'], act: typed },
  { name: 'handover', hash: '#/handover', person: 'nurse', sizes: ['panel', 'tablet'] },
  { name: 'history', hash: '#/history', person: 'nurse', sizes: ['panel', 'tablet'] },
  { name: 'audit', hash: '#/audit/250', person: 'auditor', sizes: ['wall', 'panel', 'tablet'] },
  { name: 'needs-sign-in', hash: '#/audit', sizes: ['panel'] },
  {
    name: 'lost',
    hash: '#/',
    sizes: ['panel', 'wall'],
    isCut: true,
    act: async (page) => {
      await touch(page);
      await page.evaluate(`fetch('/dev/scenario/silent', { method: 'POST' })`);
      await page.waitForTimeout(4_200);
    },
  },
];

await look({
  defaultUrl: 'http://127.0.0.1:4240',
  usualScenario: 'usual',
  fullPage: ['tablet'],
  shots: () => shots,
  before: async (url, { person }) => {
    await fetch(
      `${url}/api/session`,
      person === undefined
        ? { method: 'DELETE' }
        : { method: 'POST', body: JSON.stringify({ name: person, pin: '1234' }) },
    );
  },
});
