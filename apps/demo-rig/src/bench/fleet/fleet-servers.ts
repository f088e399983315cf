import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, chmod, chown, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { ConfigError, DeviceError, silentLogger, systemClock } from '@edge-blueprints/contracts';
import { initSiteCa, mosquittoFiles, openSiteCa, siteCaFiles, writeMosquittoFiles } from '@edge-blueprints/fleet-hub';

/** A server of this machine that the bench has started for itself. */
export interface OwnServer {
  readonly port: number;
  /** Resident memory of it and its children, bytes. */
  memory(): Promise<number>;
  /** SIGKILL, then started again with what is on its disk. */
  killAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

/** @throws ConfigError `bench.program-missing` with the package to install */
export function requirePrograms(): { readonly postgresql: string; readonly mosquitto: string } {
  const postgresql = ['18', '17', '16', '15', '14']
    .map((version) => `/usr/lib/postgresql/${version}/bin`)
    .find((folder) => existsSync(join(folder, 'initdb')));
  const mosquitto = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto'].find((file) =>
    existsSync(file),
  );
  const missing = [
    ...(postgresql === undefined ? ['PostgreSQL 14 or newer (apt-get install postgresql)'] : []),
    ...(mosquitto === undefined ? ['Mosquitto 2 (apt-get install mosquitto)'] : []),
  ];
  if (postgresql === undefined || mosquitto === undefined)
    throw new ConfigError('bench.program-missing', `The fleet bench needs ${missing.join(' and ')}.`);
  return { postgresql, mosquitto };
}

/** PostgreSQL with its usual durability (fsync on), on a free port of loopback. */
export async function startPostgresql(programs: string, folder: string): Promise<OwnServer> {
  const asRoot = process.getuid?.() === 0;
  const id = (flag: string): number => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  const user = asRoot ? { uid: id('-u'), gid: id('-g') } : {};
  await mkdir(folder, { recursive: true });
  if (user.uid !== undefined) await chown(folder, user.uid, user.gid);
  await chmod(folder, 0o700);
  const data = join(folder, 'data');
  const made = spawnSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'hub', '-A', 'trust', '-E', 'UTF8', '--locale=C'],
    { ...user, cwd: folder, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new DeviceError('bench.server', `initdb failed: ${made.stderr}`);
  const port = await freePort();
  const settings = ['shared_buffers=256MB', 'max_connections=100', 'max_wal_size=2GB'].flatMap((s) => ['-c', s]);
  return ownServer(
    port,
    () =>
      spawn(
        join(programs, 'postgres'),
        ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, ...settings],
        {
          ...user,
          cwd: folder,
          stdio: ['ignore', 'ignore', 'pipe'],
        },
      ),
    /ready to accept connections/,
  );
}

/** A site CA with certificates of these devices and workers, laid out for the fleet rig in `devices`. */
export async function makeSite(folder: string, devices: readonly string[], workers: readonly string[]) {
  const ca = join(folder, 'ca');
  await mkdir(ca, { recursive: true });
  await initSiteCa(ca, 'bench', systemClock);
  const site = await openSiteCa(ca, systemClock, silentLogger);
  await site.hub(['127.0.0.1', 'localhost']);
  await site.issue({ kind: 'worker', names: [...workers], replace: false, by: 'bench' });
  const issued = await site.issue({ kind: 'device', names: [...devices], replace: false, by: 'bench' });
  await site.writeCrl();
  const flat = join(folder, 'devices');
  await mkdir(flat, { recursive: true });
  await symlink(join(ca, siteCaFiles.certificate), join(flat, 'ca.crt'));
  for (const [i, files] of issued.entries()) {
    await symlink(files.certFile, join(flat, `${devices[i]}.crt`));
    if (files.keyFile !== null && files.keyFile !== undefined)
      await symlink(files.keyFile, join(flat, `${devices[i]}.key`));
  }
  return { ca, devices: flat, site };
}

/** Mosquitto with mutual TLS and the rights that `site-ca mosquitto` writes. */
export async function startMosquitto(
  program: string,
  folder: string,
  { ca, site }: Awaited<ReturnType<typeof makeSite>>,
): Promise<OwnServer> {
  const port = await freePort();
  await mkdir(folder, { recursive: true });
  writeMosquittoFiles(folder, { caFolder: ca, port, controlSocket: null, certificates: site.list() });
  const config = join(folder, mosquittoFiles.config);
  await appendFile(config, `\nuser ${userInfo().username}\nset_tcp_nodelay true\n`);
  return ownServer(
    port,
    () => spawn(program, ['-c', config], { stdio: ['ignore', 'pipe', 'pipe'] }),
    /mosquitto version \S+ running/,
  );
}

/** Mosquitto without TLS and without names, on loopback, for comparison. */
export async function startPlainMosquitto(program: string, folder: string): Promise<OwnServer> {
  const port = await freePort();
  await mkdir(folder, { recursive: true });
  const config = join(folder, 'plain.conf');
  await writeFile(
    config,
    `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 10000\nuser ${userInfo().username}\n`,
  );
  return ownServer(
    port,
    () => spawn(program, ['-c', config], { stdio: ['ignore', 'pipe', 'pipe'] }),
    /mosquitto version \S+ running/,
  );
}

async function ownServer(port: number, launch: () => ChildProcess, ready: RegExp): Promise<OwnServer> {
  const start = (): Promise<ChildProcess> =>
    new Promise((resolve, reject) => {
      const child = launch();
      let said = '';
      const read = (chunk: Buffer): void => {
        said = (said + chunk.toString()).slice(-4_000);
        if (ready.test(said)) resolve(child);
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      child.once('error', reject);
      child.once('exit', () => reject(new DeviceError('bench.server', `It ended: ${said}`)));
    });
  const end = (child: ChildProcess, signal: NodeJS.Signals): Promise<void> =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', () => resolve());
      child.kill(signal);
    });
  let child = await start();
  return {
    port,
    memory: () => memoryOf(child.pid ?? 0),
    killAndRestart: async () => {
      await end(child, 'SIGKILL');
      child = await start();
    },
    stop: () => end(child, 'SIGINT'),
  };
}

/** Proportional set size of a process and its children, bytes: shared pages count once. 0 where the kernel does not tell. */
export async function memoryOf(pid: number): Promise<number> {
  const own = /^Pss:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => ''))?.[1];
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')),
  );
  const children = lists.flatMap((text) => text.split(' ').filter((word) => word !== ''));
  const below = await Promise.all(children.map((child) => memoryOf(Number(child))));
  return below.reduce((sum, bytes) => sum + bytes, Number(own ?? 0) * 1_024);
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
