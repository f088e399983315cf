import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimRows } from './optimisation/claims.mjs';
import { rowsOf } from './optimisation/rows.mjs';

const root = join(import.meta.dirname, '..');
const file = (sha256: string, bytes: number, map: number, difference?: number) => ({
  sha256,
  bytes,
  map,
  low: map - 0.005,
  high: map + 0.005,
  f: map - 0.01,
  ap: {},
  ...(difference === undefined
    ? {}
    : { against_base: { map: difference, low: difference - 0.001, high: difference + 0.001 } }),
});
const step = (name: string, weights: number, fp32: object, int8: object) => ({
  step: name,
  command: name,
  parameters: weights,
  macs: weights * 1000,
  files: { fp32, int8 },
});
const summary = {
  model: 'm',
  steps: [
    step('base', 100, file('a', 400_000, 0.99), file('b', 125_000, 0.985, -0.005)),
    step('prune-50', 45, file('c', 200_000, 0.975, -0.015), file('d', 60_000, 0.97, -0.02)),
  ],
};
const time = (name: string, sha256: string, median: number) => ({
  name,
  sha256,
  p50Ms: median * 10,
  ratio: { min: median, median },
});
const latency = {
  models: [
    time('base/fp32', 'a', 1),
    time('base/int8', 'b', 0.4),
    time('prune-50/fp32', 'c', 0.6),
    time('prune-50/int8', 'd', 0.1),
  ],
};

describe('docs/optimisation.md', () => {
  it('is what its JSON files say', () => {
    if (!existsSync(join(root, 'docs/optimisation/summary.json'))) return;
    execFileSync(process.execPath, [join(root, 'tools/optimisation-page.mjs'), '--check']);
  });

  it('measures size, speed and loss against the network as trained', () => {
    const row = rowsOf(summary, latency, undefined).find(({ name }: { readonly name: string }) => name === 'base/int8');
    expect(row).toMatchObject({ smaller: 3.2, weightsLeft: 1, faster: 2.5 });
    expect(row?.loss).toBeCloseTo(0.005);
  });

  it('refuses times of another file', () => {
    const other = { models: [time('base/int8', 'ffff', 0.4)] };
    expect(() => rowsOf(summary, other, undefined)).toThrow(/base\/int8 was measured on another file/);
  });

  it('says which claims hold and which fall short', () => {
    const claims = claimRows(rowsOf(summary, latency, undefined));
    const verdict = (claim: RegExp) =>
      claims
        .find((line) => claim.test(line))
        ?.split(' | ')
        .at(-1);
    expect(verdict(/4x smaller/)).toContain('falls short');
    expect(verdict(/2-4x faster/)).toContain('holds');
    expect(verdict(/50-80 %/)).toContain('falls short');
    expect(verdict(/10-20x smaller/)).toContain('falls short');
    expect(claims.find((line) => /10-20x smaller/.test(line))).toContain('prune-50/int8');
    expect(verdict(/5-10x faster/)).toContain('holds');
  });

  it('leaves a small file that sees no defects out of what works together', () => {
    const blind = step('student-alone', 5, file('e', 30_000, 0.8, -0.19), file('f', 8_000, 0.79, -0.2));
    const claims = claimRows(rowsOf({ ...summary, steps: [...summary.steps, blind] }, latency, undefined));
    expect(claims.find((line) => /10-20x smaller/.test(line))).toContain('prune-50/int8');
    const alone = claimRows(rowsOf({ ...summary, steps: [summary.steps[0], blind] }, latency, undefined));
    expect(alone.find((line) => /^. Together/.test(line))).toContain('falls short');
  });

  it('says when only the mean is below one point', () => {
    const near = step('prune-70', 20, file('e', 90_000, 0.981, -0.0095), file('f', 30_000, 0.98, -0.01));
    const claims = claimRows(rowsOf({ ...summary, steps: [...summary.steps, near] }, undefined, undefined));
    expect(claims.find((line) => /80 % of the weights and/.test(line))).toContain('interval reaches above 1');
  });

  it('holds a time back that was not measured', () => {
    const claims = claimRows(rowsOf(summary, undefined, undefined));
    expect(claims.find((line) => /2-4x faster/.test(line))).toContain('not measured');
  });
});
