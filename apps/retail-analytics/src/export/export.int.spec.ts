import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSeededBits } from '../testing/seeded-bits.js';
import {
  hourMs,
  manualClock,
  sampleConfig,
  sampleDay,
  samplePlan,
  sampleTrack,
  sampleWindow,
} from '../testing/store-sample.js';
import { allowancesOf } from '../privacy/budget-accounts.js';
import { openBudgetLedger } from '../privacy/budget-ledger.js';
import { createReleaser } from '../privacy/releaser.js';
import { verifyLedger } from '../privacy/verify-ledger.js';
import { releaseParquet } from './parquet.js';
import { csvField, releaseCsv } from './release-csv.js';
import { releaseRows } from './release-rows.js';

let root = '';
let releases: ReturnType<ReturnType<typeof createReleaser>['history']> = [];
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'export-'));
  const config = sampleConfig(join(root, 'ledger'));
  const clock = manualClock(sampleDay);
  const bits = createSeededBits(3);
  const ledger = openBudgetLedger({
    store: 's1',
    config: config.ledger,
    allowances: allowancesOf(config),
    clock,
    bits,
  });
  const releaser = createReleaser({ store: 's1', simulated: true, config, ledger, bits, clock });
  for (const hour of [0, 1]) {
    clock.set(sampleDay + (hour + 1) * hourMs);
    releaser.release(
      sampleWindow(
        hour,
        Array.from({ length: 300 }, (_, i) => sampleTrack(`t${i}`)),
      ),
      samplePlan,
    );
  }
  releaser.flush();
  releases = releaser.history({ fromEpochMs: 0, toEpochMs: Infinity });
  releaser.close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const command = (...args: string[]): string =>
  execFileSync(process.execPath, ['--conditions=@edge-blueprints/source', '--import', 'tsx', ...args], {
    encoding: 'utf8',
    stdio: 'pipe',
  });

describe('export', () => {
  it('writes CSV by RFC 4180 with the error of every number', () => {
    const lines = releaseCsv(releases, 'counts').split('\r\n');
    expect(lines[0]).toMatch(/^window_from_utc,window_to_utc,store,key,value,unit,plus_minus_95,/);
    expect(lines).toHaveLength(1 + 2 * 4 + 1);
    const entrance = lines[1]?.split(',');
    expect(entrance?.slice(2, 4)).toEqual(['s1', 'entrance/in']);
    expect(Math.abs(Number(entrance?.[4]) - 300)).toBeLessThanOrEqual(Number(entrance?.[6]));
    expect(lines[2]?.split(',')[4]).toMatch(/^(|[1-9][05])$/);
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['@cmd, "x"', `"'@cmd, ""x"""`],
    ['-5', "'-5"],
    ['a,b', '"a,b"'],
    ['line\nfeed', '"line\nfeed"'],
    [-5, '-5'],
    [null, ''],
  ])('keeps %j from being run or torn by a spreadsheet', (value, field) => {
    expect(csvField(value)).toBe(field);
  });

  it('writes Parquet that another program reads as the same rows', async () => {
    const file = join(root, 'dwell.parquet');
    writeFileSync(file, releaseParquet(releases, 'dwell'));
    const read = await parquetReadObjects({ file: await asyncBufferFromFile(file) });
    const rows = releaseRows(releases, 'dwell');
    expect(read).toHaveLength(rows.length);
    expect(read.map((r) => [r['key'], r['value'] ?? null, r['unit'], r['plus_minus_95'] ?? null])).toEqual(
      rows.map((r) => [r.key, r.value, r.unit, r.plusMinus95]),
    );
    expect(read[0]).toMatchObject({ window_from: new Date(sampleDay), epsilon: 0.2, simulated: true });
    expect(rows.some(({ value }) => value === null)).toBe(true);
    expect((await parquetReadObjects({ file: toAsync(releaseParquet([], 'heat')) })).length).toBe(0);
  });

  it('exports from the command line, and the ledger verifies', () => {
    const out = join(root, 'out');
    const exporter = join(import.meta.dirname, 'export-main.ts');
    const text = command(
      exporter,
      '--ledger',
      join(root, 'ledger'),
      '--out',
      out,
      '--metric',
      'counts',
      '--to',
      '2026-03-02T00:30:00Z',
    );
    expect(text).toContain('1 windows');
    expect(readFileSync(join(out, 'counts.csv'), 'utf8').split('\r\n')).toHaveLength(6);
    expect(verifyLedger(join(root, 'ledger'), { epsilonPerDay: 1 })).toMatchObject({
      verdict: 'sound',
      released: 7,
      burnt: 0,
      mostSpent: { epsilon: 1 },
    });
    expect(verifyLedger(join(root, 'ledger'), { epsilonPerDay: 0.9 }).verdict).toBe('overspent');
  });
});

function toAsync(bytes: Uint8Array) {
  return { byteLength: bytes.length, slice: (from: number, to?: number) => bytes.slice(from, to).buffer };
}
