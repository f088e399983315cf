import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const apps = join(import.meta.dirname, '../../..');
/** Each page of the demo, and the folders that its addresses lead to. */
const pages: readonly (readonly [page: string, folder: string, served: readonly string[]])[] = [
  ['first page', 'demo-rig/page', ['.']],
  ['station', 'manufacturing-inspection/web', ['.', 'public']],
  ['hub', 'fleet-hub/web', ['.', 'public']],
  ['store', 'retail-analytics/web', ['.', 'public']],
  ['ward', 'ward-monitoring/web', ['.', 'public']],
];

// An address that leads nowhere is a 404 in the browser's console; without an icon the browser asks for /favicon.ico.
describe('pages of the demo', () => {
  it.each(pages)('%s names an icon, and files that are there', (_page, folder, served) => {
    const html = readFileSync(join(apps, folder, 'index.html'), 'utf8');
    const links = [...html.matchAll(/ (?:href|src)="\/([^"]+)"/g)].map(([, path = '']) => path);
    expect(html).toMatch(/<link rel="icon" href="\/icon\.svg"/);
    expect(links.filter((path) => !served.some((under) => existsSync(join(apps, folder, under, path))))).toEqual([]);
  });

  it('have icons that differ, so that their tabs do', () => {
    const icons = pages.map(([, folder, served]) =>
      readFileSync(join(apps, folder, served.at(-1) ?? '.', 'icon.svg'), 'utf8'),
    );
    expect(new Set(icons).size).toBe(pages.length);
  });
});
