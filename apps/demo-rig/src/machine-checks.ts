import { execFile } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism, cpus, freemem, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { listVideoDevices } from '@edge-blueprints/cameras';
import { errorMessage } from '@edge-blueprints/contracts';
import { loadBundle, probeProviders, readTrustedKeys } from '@edge-blueprints/inference';

/** `optional` is something that widens what works; `fail` is something that `npm start` needs. */
export interface Finding {
  readonly subject: string;
  readonly state: 'ok' | 'optional' | 'fail';
  readonly detail: string;
  readonly remedy?: string;
}

export interface MachineCheckOptions {
  readonly bundle: string;
  readonly port: number;
  readonly modbusPort: number;
}

const run = promisify(execFile);

/** Looks at the machine; changes nothing on it. */
export async function checkMachine(options: MachineCheckOptions): Promise<readonly Finding[]> {
  const findings = await Promise.all([
    node(),
    hardware(),
    disk(),
    program('ffmpeg', ['-version'], 'video files, RTSP and USB cameras; install the package ffmpeg'),
    usbCameras(),
    program('mbpoll', ['-h'], 'an outside Modbus client for your own checks; install the package mbpoll'),
    portFree('page port', options.port, '--port'),
    portFree('Modbus port', options.modbusPort, '--modbus-port'),
    bundle(options.bundle),
  ]);
  return [...findings.slice(0, 2), ...(await providers()), ...findings.slice(2)];
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fits = major > 20 || (major === 20 && minor >= 19);
  return {
    subject: 'Node.js',
    state: fits ? 'ok' : 'fail',
    detail: process.version,
    remedy: 'install Node.js 20.19 or newer',
  };
}

function hardware(): Finding {
  const gib = (bytes: number): string => (bytes / 2 ** 30).toFixed(1);
  const cores = availableParallelism();
  return {
    subject: 'machine',
    state: 'ok',
    detail: `${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${cores} cores, ${gib(freemem())} of ${gib(totalmem())} GiB free, load ${loadavg()[0]?.toFixed(2)}`,
  };
}

async function disk(): Promise<Finding> {
  try {
    const folder = await mkdtemp(join(process.cwd(), '.doctor-'));
    try {
      await writeFile(join(folder, 'probe'), 'x');
      const { bavail, bsize } = await statfs(folder);
      const gib = (bavail * bsize) / 2 ** 30;
      return {
        subject: 'disk',
        state: gib > 1 ? 'ok' : 'fail',
        detail: `${gib.toFixed(1)} GiB free, writable`,
        remedy: 'free at least 1 GiB',
      };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  } catch (error) {
    return { subject: 'disk', state: 'fail', detail: errorMessage(error), remedy: 'make this folder writable' };
  }
}

async function program(name: string, args: readonly string[], purpose: string): Promise<Finding> {
  try {
    const { stdout, stderr } = await run(name, [...args], { timeout: 5_000 });
    return {
      subject: name,
      state: 'ok',
      detail:
        (stdout || stderr)
          .split('\n')
          .find((line) => line.trim() !== '')
          ?.slice(0, 70) ?? 'found',
    };
  } catch (error) {
    const there = error instanceof Error && !('code' in error && error.code === 'ENOENT');
    if (there) return { subject: name, state: 'ok', detail: 'found' };
    return { subject: name, state: 'optional', detail: 'not found on the PATH', remedy: purpose };
  }
}

async function usbCameras(): Promise<Finding> {
  const devices = await listVideoDevices();
  const remedy =
    process.platform === 'linux'
      ? 'a USB camera of your own; plug one in, or look for it with v4l2-ctl --list-devices'
      : 'a USB camera of your own; listed on Linux only, see libs/cameras/README.md for other systems';
  if (devices.length === 0)
    return { subject: 'USB cameras', state: 'optional', detail: 'no video device found', remedy };
  const detail = devices.map(({ path, name }) => (name === '' ? path : `${path} ${name}`)).join(', ');
  return { subject: 'USB cameras', state: 'ok', detail };
}

async function portFree(subject: string, port: number, flag: string): Promise<Finding> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) =>
      resolve({
        subject,
        state: 'fail',
        detail: `${port}: ${error.message}`,
        remedy: `stop what uses it, or give npm start ${flag} another number`,
      }),
    );
    server.listen(port, '127.0.0.1', () =>
      server.close(() => resolve({ subject, state: 'ok', detail: `${port} is free` })),
    );
  });
}

async function bundle(folder: string): Promise<Finding> {
  try {
    const loaded = await loadBundle(folder, {
      trustedKeys: await readTrustedKeys(join(folder, '../trusted-keys.json')),
    });
    const { manifest } = loaded;
    const variants = manifest.variants.map(({ id }) => `${id} ${loaded.variant(id).modelDigest.slice(0, 12)}`);
    return {
      subject: 'model bundle',
      state: 'ok',
      detail: `${manifest.name} ${manifest.version}, signature and digests valid: ${variants.join(', ')}`,
    };
  } catch (error) {
    return {
      subject: 'model bundle',
      state: 'fail',
      detail: errorMessage(error),
      remedy: 'restore the bundle from the repository',
    };
  }
}

async function providers(): Promise<readonly Finding[]> {
  try {
    const { runtime, providers: found } = await probeProviders();
    return found.map(({ provider, loads, detail }) => ({
      subject: `provider ${provider}`,
      state: loads ? 'ok' : provider === 'cpu' ? 'fail' : 'optional',
      detail: `${runtime}: ${loads ? detail : 'does not load here'}`,
      remedy:
        provider === 'cpu'
          ? `reinstall with npm ci (${detail})`
          : `needs its hardware and driver (${detail.slice(0, 160)})`,
    }));
  } catch (error) {
    return [{ subject: 'providers', state: 'fail', detail: errorMessage(error), remedy: 'reinstall with npm ci' }];
  }
}
