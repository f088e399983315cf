import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** At most so many of a kind; a machine with more shows the first ones by name. */
const atMost = 24;

/** MemAvailable of /proc/meminfo, bytes: what programs can get without swapping. Undefined where the kernel has none. */
export async function readAvailableMemory(root: string): Promise<number | undefined> {
  const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(await text(join(root, 'proc/meminfo')))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
}

/** Thermal zones and hwmon sensors, degrees Celsius. Sensors that answer nonsense (below -40, above 200) are left out. */
export async function readTemperatures(
  root: string,
): Promise<readonly { readonly sensor: string; readonly celsius: number }[]> {
  const zones = await each(join(root, 'sys/class/thermal'), /^thermal_zone\d+$/, async (folder, name) => [
    { sensor: (await word(join(folder, 'type'))) ?? name, milli: await number(join(folder, 'temp')) },
  ]);
  const chips = await each(join(root, 'sys/class/hwmon'), /^hwmon\d+$/, async (folder, name) => {
    const chip = (await word(join(folder, 'name'))) ?? name;
    const inputs = (await names(folder)).filter((file) => /^temp\d+_input$/.test(file)).sort();
    return Promise.all(
      inputs.map(async (input) => ({
        sensor: `${chip} ${(await word(join(folder, input.replace('_input', '_label')))) ?? input.replace('_input', '')}`,
        milli: await number(join(folder, input)),
      })),
    );
  });
  return [...zones, ...chips]
    .flatMap(({ sensor, milli }) => (milli === undefined ? [] : [{ sensor, celsius: milli / 1_000 }]))
    .filter(({ celsius }) => celsius > -40 && celsius < 200)
    .slice(0, atMost);
}

/** Times that the cores were throttled since boot (x86: core_throttle_count). Undefined where the kernel does not count. */
export async function readThrottles(root: string): Promise<number | undefined> {
  const counts = await each(join(root, 'sys/devices/system/cpu'), /^cpu\d+$/, async (folder) => [
    await number(join(folder, 'thermal_throttle/core_throttle_count')),
  ]);
  const known = counts.filter((n) => n !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, n) => sum + n, 0);
}

/** Load of GPUs where the driver shows it: amdgpu (gpu_busy_percent), Jetson (load, per mille). Shares from 0 to 1. */
export async function readAccelerators(
  root: string,
): Promise<readonly { readonly device: string; readonly share: number }[]> {
  const cards = await each(join(root, 'sys/class/drm'), /^card\d+$/, async (folder, name) => [
    { device: name, share: (await number(join(folder, 'device/gpu_busy_percent'))) ?? NaN, of: 100 },
  ]);
  const jetson = await each(join(root, 'sys/devices'), /^gpu\.\d+$/, async (folder, name) => [
    { device: name, share: (await number(join(folder, 'load'))) ?? NaN, of: 1_000 },
  ]);
  return [...cards, ...jetson]
    .filter(({ share }) => Number.isFinite(share))
    .map(({ device, share, of }) => ({ device, share: share / of }))
    .slice(0, atMost);
}

async function each<T>(
  folder: string,
  pattern: RegExp,
  read: (path: string, name: string) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const found = (await names(folder)).filter((name) => pattern.test(name)).sort();
  return (await Promise.all(found.slice(0, 256).map((name) => read(join(folder, name), name)))).flat();
}

async function names(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

async function text(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

async function word(file: string): Promise<string | undefined> {
  const value = (await text(file)).trim();
  return value === '' ? undefined : value.slice(0, 40);
}

async function number(file: string): Promise<number | undefined> {
  const value = await word(file);
  return value !== undefined && /^-?\d+$/.test(value) ? Number(value) : undefined;
}
