// Images of client starters: built with the generated Dockerfiles, unchanged, on stand-ins for the official bases, and run as the
// generated compose file says. Nothing of it needs a container registry; the registries of Debian, npm and Python are asked.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from './check.js';
import { buildContainer } from './image/container.js';
import { judgesTheLine } from './image/line-in-container.js';
import { createPodman, lacking } from './image/podman.js';
import { sidecarServes } from './image/sidecar-in-container.js';
import { makeBase } from './image/stand-in-base.js';

const title = 'images of starters';
const root = join(import.meta.dirname, '..');
const picture = 'ffmpeg -v error -f lavfi -i testsrc -frames:v 1 -f null -';
/** `beside` is what the app starts or asks beside Node.js. */
const starters = [
  { name: 'acme-line', blueprint: 'manufacturing-inspection', target: 'jetson-orin-nx', beside: picture },
  { name: 'acme-store', blueprint: 'retail-analytics', beside: picture },
  { name: 'acme-ward', blueprint: 'ward-monitoring', beside: 'chronyc -v' },
] as const;

const lacks = lacking();
if (lacks !== undefined) {
  // No failure in CI either: it does not install what only this suite needs.
  console.log(`skip ${title}: it needs ${lacks}`);
  process.exit(0);
}

function generate(name: string, blueprint: string, targets: readonly string[], folder: string, packs: string) {
  const options = ['--blueprint', blueprint, ...targets.flatMap((target) => ['--target', target])];
  return spawnSync(
    process.execPath,
    [
      ...['tools/run.mjs', 'libs/blueprint-plugin/src/client-starter-main.ts', name, ...options],
      ...['--directory', folder, '--packs', packs],
    ],
    { cwd: root, encoding: 'utf8' },
  );
}

await suite(title, async (check) => {
  const base = mkdtempSync(join(tmpdir(), 'images-'));
  const podman = createPodman(join(base, 'podman'));
  try {
    let isBased = false;
    for (const { name, blueprint, beside, ...more } of starters) {
      const folder = join(base, name);
      const targets = ['cpu', ...('target' in more ? [more.target] : [])];
      const made = generate(name, blueprint, targets, folder, isBased ? 'never' : 'always');
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
      const isLine = blueprint === 'manufacturing-inspection';
      if (isLine) await judgesTheLine(check, folder, container);
      else if (!(await container.isReady(check))) continue;
      const ran = container.inside(beside);
      check(`${name}: the program beside Node.js runs in it`, ran.code === 0, ran.code === 0 ? '' : ran.text);
      if (isLine) await sidecarServes(check, podman, join(base, 'base'), folder);
      else container.answersAndStops(check);
    }
  } finally {
    podman.remove();
    rmSync(base, { recursive: true, force: true });
  }
});
