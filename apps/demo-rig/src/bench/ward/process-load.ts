import { readdir, readFile } from 'node:fs/promises';

/** One look at a process, from /proc. */
export interface LoadSample {
  readonly atMs: number;
  readonly cpuMs: number;
  readonly rssMiB: number;
  readonly openFiles: number;
}

export interface ProcessLoad {
  /** Share of one core between the first and the last look. */
  readonly cores: number;
  readonly rssMiB: number;
  readonly rssMaxMiB: number;
  /** By least squares over the second half, when caches are full; null with fewer than eight looks. */
  readonly rssSlopeMiBPerHour: number | null;
  readonly openFilesFirst: number;
  readonly openFilesLast: number;
}

/** Linux counts processor time in hundredths of a second. */
const tickMs = 10;
const pageMiB = 4_096 / 2 ** 20;

export async function lookAtProcess(pid: number, atMs: number): Promise<LoadSample> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // What follows the name, which may hold spaces: state is the first, user and system time the 12th and 13th, pages the 22nd.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const openFiles = (await readdir(`/proc/${pid}/fd`)).length;
  return {
    atMs,
    cpuMs: tickMs * (Number(fields[11]) + Number(fields[12])),
    rssMiB: pageMiB * Number(fields[21]),
    openFiles,
  };
}

export function loadOf(samples: readonly LoadSample[]): ProcessLoad {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError('a load needs at least one look');
  const half = samples.slice(Math.floor(samples.length / 2));
  return {
    cores: last.atMs === first.atMs ? 0 : (last.cpuMs - first.cpuMs) / (last.atMs - first.atMs),
    rssMiB: last.rssMiB,
    rssMaxMiB: Math.max(...samples.map(({ rssMiB }) => rssMiB)),
    rssSlopeMiBPerHour:
      half.length < 8 ? null : 3_600_000 * slope(half.map(({ atMs, rssMiB }) => [atMs, rssMiB] as const)),
    openFilesFirst: first.openFiles,
    openFilesLast: last.openFiles,
  };
}

function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (of: 0 | 1): number => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [mx, my] = [mean(0), mean(1)];
  const over = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  const under = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  return under === 0 ? 0 : over / under;
}
