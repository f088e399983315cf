// The sidecar of a starter in its image as it stands: OpenVINO on the processor.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from '../check.js';
import { holdsWithin } from '../running-line.js';
import type { Podman } from './podman.js';
import { makeBase } from './stand-in-base.js';

/** Loopback of its own, so that the port is free. */
const usual = ['--network', 'none', '--read-only', '--read-only-tmpfs=false', '--cap-drop', 'ALL'];
const served = ['--backend', 'openvino', '--bundle', 'bundles/pcb-defects-rendered', '--variant', 'int8-640'];

export async function sidecarServes(check: Check, podman: Podman, base: string, folder: string): Promise<void> {
  const name = 'sidecar';
  const image = `localhost/${name}:0.1.0`;
  const file = join(folder, 'sidecar/Dockerfile');
  const from = /^ARG SIDECAR_IMAGE=(\S+)/m.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
  const failed = makeBase(podman, base, from);
  check(`a stand-in for ${from} is made`, failed === undefined, failed);
  if (failed !== undefined) return;
  const built = podman.build(folder, image, ['--file', file]);
  check(`${name}: its Dockerfile builds`, built.status === 0, built.status === 0 ? '' : built.stderr.slice(-1_500));
  if (built.status !== 0) return;

  const proved = podman.run(['run', '--rm', ...usual, image, ...served, '--check']);
  check(
    `${name}: --check finds the golden vectors of the bundle, in a container without a writable folder`,
    proved.status === 0 && /"golden": \[\s+\{/.test(proved.stdout),
    proved.status === 0 ? '' : proved.stderr.slice(-800),
  );
  podman.run(['run', '--detach', '--name', name, ...usual, image, ...served]);
  const isReady = await holdsWithin(60_000, () => podman.run(['healthcheck', 'run', name]).status === 0);
  check(`${name}: serves, and its health check finds it`, isReady, isReady ? '' : podman.logs(name));
  const user = podman.inside(name, 'id -u').stdout.trim();
  check(`${name}: is not root`, user === '10001', user);
  podman.run(['stop', name]);
  const code = podman.run(['inspect', '--format', '{{.State.ExitCode}}', name]).stdout.trim();
  check(`${name}: SIGTERM ends it with 0`, code === '0', `exit code ${code}`);
}
