import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outbox-full-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const resultSchema = z.object({
  stored: z.array(z.number()),
  failures: z.record(z.string(), z.number()),
  during: z.union([z.object({ highest: z.number(), waiting: z.number() }), z.object({ code: z.string() })]),
  after: z.array(z.number()),
  waiting: z.array(z.number()),
  contiguity: z.object({ highest: z.number(), missing: z.number(), twice: z.number(), declared: z.number() }),
});

const works = (command: string, args: readonly string[]): boolean => spawnSync(command, args).status === 0;
const mayMount = (): boolean => {
  const probe = mkdtempSync(join(tmpdir(), 'mount-probe-'));
  const may = works('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe]);
  if (may) works('umount', [probe]);
  rmSync(probe, { recursive: true });
  return may;
};
const kinds = [
  {
    // The operating system refuses the process any growth of a file. For SQLite that is an I/O error, after which the outbox
    // writes through its connection no more, and cannot open another one. Needs no rights.
    name: 'files that may not grow',
    missing: !works('prlimit', ['--version']) && process.env['CI'] !== 'true',
    mount: () => undefined,
    unmount: () => undefined,
    fill: `const { statSync } = await import('node:fs');
      const bytes = Math.max(...['', '-wal'].map((end) => statSync(file + end, { throwIfNoEntry: false })?.size ?? 0));
      execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=' + bytes + ':unlimited']);`,
    free: `execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=unlimited:unlimited']);`,
  },
  {
    // Somebody else takes the last byte. Needs the right to mount.
    name: 'a file system without a free byte',
    missing: !mayMount(),
    mount: () => void execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder]),
    unmount: () => void execFileSync('umount', ['-l', folder]),
    fill: `const { openSync, writeSync, closeSync } = await import('node:fs');
      const ballast = openSync(file + '.ballast', 'w');
      for (let bytes = 65536; bytes >= 512; bytes /= 2)
        try { while (writeSync(ballast, Buffer.alloc(bytes)) === bytes); } catch {}
      closeSync(ballast);`,
    free: `(await import('node:fs')).rmSync(file + '.ballast');`,
  },
];

/** A process of its own, because the limit holds for all files of a process. */
const script = (kind: (typeof kinds)[number], file: string): string => `
  const { execFileSync } = await import('node:child_process');
  const { openOutbox } = await import(${JSON.stringify(new URL('./open-outbox.ts', import.meta.url).href)});
  const { createTestClock, inputOf } = await import(${JSON.stringify(new URL('./testing/test-events.ts', import.meta.url).href)});
  const clock = createTestClock();
  const file = ${JSON.stringify(file)};
  const outbox = openOutbox({
    file, maxBytes: 50_000_000, criticalBytes: 5_000_000, maxAgeMs: 86_400_000, groupMs: 20, groupEvents: 50, clock,
    boot: 'b007b007b007b007', newEpoch: 'e0c4e0c4e0c4e0c4',
  });
  const failures = {};
  const put = async (n) => {
    try {
      return [(await outbox.append(inputOf(clock, n % 4 === 0 ? 'critical' : 'business', n, 3_000))).sequence];
    } catch (error) {
      failures[error.code + ' ' + error.retry] = (failures[error.code + ' ' + error.retry] ?? 0) + 1;
      return [];
    }
  };
  const all = { events: 100_000, bytes: 1e9, inFlight: [] };
  const stored = [];
  for (let n = 0; n < 20; n++) stored.push(...await put(n));
  ${kind.fill}
  for (let n = 20; n < 120; n++) stored.push(...await put(n));
  let during;
  try {
    during = { highest: (await outbox.stats()).highest, waiting: (await outbox.next(all)).length };
  } catch (error) {
    during = { code: error.code };
  }
  ${kind.free}
  const after = [];
  for (let n = 200; n < 220; n++) after.push(...await put(n));
  const waiting = (await outbox.next(all)).map((entry) => entry.sequence).sort((a, b) => a - b);
  const contiguity = await outbox.contiguity();
  await outbox.close();
  process.stdout.write(JSON.stringify({ stored, failures, during, after, waiting, contiguity }));
`;

// A process is started; on a busy machine that alone takes seconds.
describe.each(kinds)('an outbox on $name', (kind) => {
  it.skipIf(kind.missing)(
    'refuses with a code, sends what it has, and goes on by itself when there is room',
    { timeout: 90_000 },
    () => {
      kind.mount();
      try {
        const run = spawnSync(
          process.execPath,
          [
            '--conditions=@edge-blueprints/source',
            '--import',
            'tsx',
            '--input-type=module',
            '-e',
            script(kind, join(folder, 'outbox.sqlite')),
          ],
          { encoding: 'utf8', timeout: 80_000 },
        );
        expect(run.stderr).toBe('');
        const { stored, failures, during, after, waiting, contiguity } = resultSchema.parse(JSON.parse(run.stdout));
        expect(stored.length).toBeGreaterThanOrEqual(20);
        expect(stored.length).toBeLessThan(120);
        // Nothing was promised for what was refused, and the caller may try again.
        expect(failures).toEqual({ 'outbox.disk safe': 120 - stored.length });
        expect(during).toEqual({ highest: stored.at(-1), waiting: stored.length });
        expect(after).toHaveLength(20);
        expect(waiting).toEqual([...stored, ...after]);
        expect(contiguity).toEqual(
          expect.objectContaining({ highest: after.at(-1), missing: 0, twice: 0, declared: 0 }),
        );
      } finally {
        kind.unmount();
      }
    },
  );
});
