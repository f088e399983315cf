// Images of client starters: built with the generated Dockerfile, unchanged, on a stand-in for the official base, and run as the
// generated compose file says. Nothing of it needs a container registry; Debian's archive and the npm registry are asked.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from './check.js';
import { buildContainer } from './image/container.js';
import { judgesTheLine } from './image/line-in-container.js';
import { createPodman, lacking } from './image/podman.js';
import { makeBase } from './image/stand-in-base.js';

const title = 'images of starters';
const root = join(import.meta.dirname, '..');
const starters = [
  {
    name: 'acme-line',
    blueprint: 'manufacturing-inspection',
    beside: 'ffmpeg -v error -f lavfi -i testsrc -frames:v 1 -f null -',
  },
  {
    name: 'acme-store',
    blueprint: 'retail-analytics',
    beside: 'ffmpeg -v error -f lavfi -i testsrc -frames:v 1 -f null -',
  },
  // Without a chrony on this machine it says that it cannot talk to it, with 1.
  { name: 'acme-ward', blueprint: 'ward-monitoring', beside: 'chronyc -v' },
] as const;

const lacks = lacking();
if (lacks !== undefined) {
  // No failure in CI either: it does not install what only this suite needs.
  console.log(`skip ${title}: ${lacks} is absent`);
  process.exit(0);
}

await suite(title, async (check) => {
  const base = mkdtempSync(join(tmpdir(), 'images-'));
  const podman = createPodman(join(base, 'podman'));
  try {
    let isBased = false;
    for (const { name, blueprint, beside } of starters) {
      const folder = join(base, name);
      const made = spawnSync(
        process.execPath,
        [
          ...['tools/run.mjs', 'libs/blueprint-plugin/src/client-starter-main.ts', name],
          ...['--blueprint', blueprint, '--target', 'cpu', '--directory', folder, '--packs', 'missing'],
        ],
        { cwd: root, encoding: 'utf8' },
      );
      check(`${name} is generated`, made.status === 0, made.status === 0 ? '' : `${made.stdout}${made.stderr}`);
      if (made.status !== 0) continue;
      if (!isBased) {
        const image = /^ARG NODE_IMAGE=(\S+)/m.exec(readFileSync(join(folder, 'Dockerfile'), 'utf8'))?.[1] ?? '';
        const failed = makeBase(podman, join(base, 'base'), image.replace(/@.*/, ''));
        check(`a stand-in for ${image} is made`, failed === undefined, failed);
        if (failed !== undefined) return;
        isBased = true;
      }
      const container = buildContainer(check, podman, name, folder);
      if (container === undefined) continue;
      if (blueprint === 'manufacturing-inspection') await judgesTheLine(check, folder, container);
      else if (!(await container.isReady(check))) continue;
      const ran = container.inside(beside);
      check(`${name}: the program beside Node.js runs in it`, ran.code === 0, ran.code === 0 ? '' : ran.text);
      if (blueprint !== 'manufacturing-inspection') container.answersAndStops(check);
    }
  } finally {
    podman.remove();
    rmSync(base, { recursive: true, force: true });
  }
});
