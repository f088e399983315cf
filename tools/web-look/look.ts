/** Opens the views of a page in Chromium, dark and light, in the sizes of its readers; writes screenshots and runs axe. */
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openChromium } from './chromium.js';

const sizes = {
  wall: { width: 1920, height: 1080 },
  panel: { width: 1280, height: 800 },
  tablet: { width: 1024, height: 768 },
};
export type LookSize = keyof typeof sizes;
const allSizes: readonly LookSize[] = ['wall', 'panel', 'tablet'];
const settleMs = 1_200;
const afterActMs = 500;

export interface Shot {
  readonly name: string;
  readonly hash: string;
  readonly query?: string;
  /** Story of the fixture server; the usual one unless told. */
  readonly scenario?: string;
  readonly sizes?: readonly LookSize[];
  /** The network is taken away: complaints are expected, and axe is not asked. */
  readonly isCut?: boolean;
  /** Before the page is opened. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** Once it is shown. */
  readonly act?: (page: Page) => Promise<void>;
}

export interface LookOptions<S extends Shot> {
  readonly defaultUrl: string;
  readonly usualScenario: string;
  /** Whole pages instead of what is in view. */
  readonly fullPage?: readonly LookSize[];
  readonly shots: (url: string) => readonly S[] | Promise<readonly S[]>;
  readonly before?: (url: string, shot: S) => Promise<void>;
}

/** Reads `<url> <output folder> [part of a name]` from the command line. Prints what is wrong and the number of violations. */
export async function look<S extends Shot>(options: LookOptions<S>): Promise<void> {
  const [url = options.defaultUrl, folder = 'look', only = ''] = process.argv.slice(2);
  const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await mkdir(folder, { recursive: true });
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const browser = await openChromium();
  let violations = 0;
  for (const scheme of ['dark', 'light'] as const) {
    for (const shot of await options.shots(url)) {
      for (const size of shot.sizes ?? allSizes) {
        const name = `${shot.name}-${size}-${scheme}`;
        if (!name.includes(only)) continue;
        await scenario(url, shot.scenario ?? options.usualScenario);
        await options.before?.(url, shot);
        const context = await browser.newContext({ viewport: sizes[size], colorScheme: scheme });
        const page = await context.newPage();
        page.on('console', (message) => {
          if (message.type() === 'error' && shot.isCut !== true) say(`console ${name}: ${message.text()}`);
        });
        page.on('pageerror', (error) => say(`fault ${name}: ${error.message}`));
        await shot.prepare?.(page);
        await page.goto(`${url}/${shot.query ?? ''}${shot.hash}`);
        await page.waitForTimeout(settleMs);
        if (shot.act !== undefined) {
          await shot.act(page);
          await page.waitForTimeout(afterActMs);
        }
        const path = join(folder, `${name}.png`);
        await page.screenshot({ path, fullPage: options.fullPage?.includes(size) ?? false });
        const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
        if (overflow > 0) say(`overflow ${name}: ${overflow} px`);
        if (shot.isCut !== true) {
          const found = await axe(page, axeSource);
          for (const line of found) say(`axe ${name}: ${line}`);
          violations += found.length;
        }
        await context.close();
      }
    }
  }
  await browser.close();
  say(`${violations} axe violations`);
}

/** Changes the story of the fixture server. */
export async function scenario(url: string, name: string): Promise<void> {
  await fetch(`${url}/dev/scenario/${name}`, { method: 'POST' });
}

async function axe(page: Page, source: string): Promise<string[]> {
  await page.evaluate(source);
  const found: readonly { id: string; impact: string; targets: string }[] = await page.evaluate(
    `axe.run().then((result) => result.violations.map((v) => ({ id: v.id, impact: v.impact, targets: v.nodes.slice(0, 4).map((n) => n.target.join(' ') + ' | ' + (n.any[0]?.message ?? '')).join('\\n      ') })))`,
  );
  return found.map(({ id, impact, targets }) => `${impact} ${id}\n      ${targets}`);
}
