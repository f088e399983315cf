// Podman with a storage of its own, so that nothing of this machine's images and containers is touched.
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Certificates of this machine: where a proxy stands before the registries, a build must know its authority too. */
const authorities = '/etc/ssl/certs/ca-certificates.crt';
/** Not where Debian's package of authorities puts its own. */
const mounted = '/run/authorities.crt';

export interface Podman {
  run(args: readonly string[], options?: { readonly cwd?: string }): SpawnSyncReturns<string>;
  /** As `docker build`: no image is fetched, and the health check is kept. */
  build(folder: string, image: string, args?: readonly string[]): SpawnSyncReturns<string>;
  /** A shell command in a running container. */
  inside(container: string, command: string, options?: readonly string[]): SpawnSyncReturns<string>;
  /** What it wrote to standard output and standard error. */
  logs(container: string): string;
  remove(): void;
}

/** What is missing for images to be built and run here, as words for a person. */
export function lacking(): string | undefined {
  if (process.getuid?.() !== 0) return 'root';
  const missing = ['podman', 'mmdebstrap'].filter((program) => spawnSync(program, ['--version']).error !== undefined);
  return missing.length > 0 ? missing.join(' and ') : undefined;
}

export function createPodman(base: string): Podman {
  const settings = join(base, 'containers.conf');
  const storage = join(base, 'storage.conf');
  const npmrc = join(base, 'npmrc');
  const pipConf = join(base, 'pip.conf');
  mkdirSync(base, { recursive: true });
  writeFileSync(storage, `[storage]\ndriver = "overlay"\ngraphroot = "${base}/storage"\nrunroot = "${base}/run"\n`);
  // crun refuses machines with both versions of cgroups; limits beyond our own need a right that root of a container lacks.
  const runtime = spawnSync('runc', ['--version']).error === undefined ? 'runc' : 'crun';
  writeFileSync(
    settings,
    `[containers]\ndefault_ulimits = ["nofile=${mostOpenFiles()}:${mostOpenFiles()}", "nproc=4096:4096"]\n` +
      `[engine]\nruntime = "${runtime}"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\ntmp_dir = "${base}/tmp"\n`,
  );
  writeFileSync(npmrc, `cafile=${mounted}\n`);
  writeFileSync(pipConf, `[global]\ncert = ${mounted}\n`);
  const trust = existsSync(authorities)
    ? [
        '-v',
        `${npmrc}:/usr/local/etc/npmrc:ro`,
        '-v',
        `${pipConf}:/etc/pip.conf:ro`,
        '-v',
        `${authorities}:${mounted}:ro`,
      ]
    : [];
  const env = { ...process.env, CONTAINERS_CONF: settings, CONTAINERS_STORAGE_CONF: storage };
  const run: Podman['run'] = (args, { cwd } = {}) =>
    spawnSync('podman', args, { encoding: 'utf8', env, maxBuffer: 1e8, ...(cwd === undefined ? {} : { cwd }) });
  return {
    run,
    build: (folder, image, args = []) =>
      run([
        ...['build', '--pull=never', '--isolation', 'chroot', '--format', 'docker', '--tag', image],
        ...[...trust, ...args, folder],
      ]),
    inside: (container, command, options = []) => run(['exec', ...options, container, 'sh', '-c', command]),
    logs: (container) => {
      const { stdout, stderr } = run(['logs', container]);
      return `${stdout}${stderr}`;
    },
    remove: () => {
      run(['rm', '--all', '--force', '--volumes', '--time', '2']);
      run(['volume', 'rm', '--all', '--force']);
      run(['rmi', '--all', '--force']);
      spawnSync('umount', ['--lazy', join(base, 'storage/overlay')]);
    },
  };
}

/** Files that this process may have open at most; no more can be given to a container. */
function mostOpenFiles(): string {
  return /^Max open files +\S+ +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? '4096';
}
