// One image of a starter, built as its README says and run as its compose file says.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Check } from '../check.js';
import { holdsWithin } from '../running-line.js';
import { composeFlags } from './compose-flags.js';
import type { Podman } from './podman.js';

export interface Container {
  /** Starts it and waits until its health check says yes. */
  isReady(check: Check): Promise<boolean>;
  /** Rights, health and end of the running container. */
  answersAndStops(check: Check): void;
  startAgain(): void;
  inside(command: string): { readonly code: number | null; readonly text: string };
  log(): string;
}

/** What lies on a device and must not be in an image. */
const secrets = ['config/tls/device.key.pem', 'config/fhir/key.pem', 'config/users.json', 'config/station.env'];

/** Binaries of other machines, our tools, tests, simulators, secrets: one line for each that is in the image. */
const surplus = [
  "cd /app; find apps config -name '*.spec.*' -o -name '*.pem' -o -name '*.env' -o -name users.json",
  `find node_modules/onnxruntime-node/bin -type f | grep -v "/linux/$(node -p process.arch)/"`,
  'ls -d node_modules/nx node_modules/typescript node_modules/@edge-blueprints/rigs apps/rig vendor 2>/dev/null',
].join('; ');
/** Shared libraries that a native module of this platform asks for and that are not there. */
const unresolved =
  "cd /app; find node_modules -path '*/prebuilds/*' -prune -o -type f \\( -name '*.node' -o -name '*.so' -o -name '*.so.*' \\) -print " +
  '| while read -r file; do ldd "$file" 2>&1 | grep -E \'not found|not a dynamic\' | sed "s|^|$file:|"; done';

/** @returns undefined where it cannot be built */
export function buildContainer(check: Check, podman: Podman, name: string, folder: string): Container | undefined {
  for (const file of secrets) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), 'of one device only');
  }
  const image = `localhost/${name}:0.1.0`;
  const started = Date.now();
  const built = podman.build(folder, image, ['--build-arg', 'TARGET=cpu']);
  for (const file of secrets) rmSync(join(folder, file));
  const seconds = Math.round((Date.now() - started) / 1_000);
  check(
    `${name}: its Dockerfile builds`,
    built.status === 0,
    built.status === 0 ? `${seconds} s` : built.stderr.slice(-1_500),
  );
  if (built.status !== 0) return undefined;
  const once = (command: string) => {
    const done = podman.run(['run', '--rm', '--network', 'none', '--entrypoint', 'sh', image, '-c', command]);
    return `${done.stdout}${done.status === 0 || done.stdout !== '' ? '' : done.stderr}`.trim();
  };
  const extra = once(`${surplus}; true`);
  check(`${name}: nothing of other machines, tests or secrets is in the image`, extra === '', extra.slice(0, 500));
  const missing = once(`${unresolved}; true`);
  check(`${name}: native modules find their libraries`, missing === '', missing.slice(0, 500));

  const deploy = join(folder, 'deploy/cpu');
  const flags = composeFlags(readFileSync(join(deploy, 'compose.yaml'), 'utf8'), deploy, name);
  const inside: Container['inside'] = (command) => {
    const { status, stdout, stderr } = podman.inside(name, command);
    return { code: status, text: `${stdout}${stderr}`.trim() };
  };
  const log = (): string => podman.logs(name).slice(-1_500);
  return {
    inside,
    log,
    isReady: async (told) => {
      const run = podman.run(['run', '--detach', '--name', name, ...flags, image]);
      // Podman without systemd complains of its timers and starts the container; the check itself is asked here.
      const isHealthy =
        run.status === 0 && (await holdsWithin(90_000, () => podman.run(['healthcheck', 'run', name]).status === 0));
      told(
        `${name}: runs as its compose file says, and its health check finds it`,
        isHealthy,
        isHealthy ? '' : `${run.stderr}${log()}`,
      );
      return isHealthy;
    },
    answersAndStops: (told) => {
      const rights = inside("echo $(id -u; sed -n 's/^CapBnd:.//p; s/^NoNewPrivs:.//p' /proc/1/status)");
      told(`${name}: no root, no capability, no new privileges`, /^10001 0+ 1$/.test(rights.text), rights.text);
      const places = ['/app/x', '/app/config/x', '/usr/x', '/app/.data/x', '/tmp/x'];
      const writes = places.filter((file) => inside(`touch ${file}`).code === 0);
      // Its root may not either: what belongs to root is read-only, not just somebody else's.
      const asRoot = ['/app/y', '/usr/y', '/etc/y'].filter(
        (file) => podman.inside(name, `touch ${file}`, ['--user', '0']).status === 0,
      );
      told(
        `${name}: writes to its volume and /tmp only`,
        writes.join() === '/app/.data/x,/tmp/x' && asRoot.length === 0,
        `${writes.join()}; as root ${asRoot.join()}`,
      );
      const at = Date.now();
      podman.run(['stop', name]);
      const code = podman.run(['inspect', '--format', '{{.State.ExitCode}}', name]).stdout.trim();
      told(
        `${name}: SIGTERM ends it with 0`,
        code === '0',
        `exit code ${code} after ${Date.now() - at} ms${code === '0' ? '' : log()}`,
      );
    },
    startAgain: () => void podman.run(['start', name]),
  };
}
