import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { published } from './benchmarks/published.mjs';
import { fieldSection, placeSection } from './benchmarks/section.mjs';

const root = join(import.meta.dirname, '..');
const share = (count: number, of: number) => ({ count, of, share: count / of, low: 0.1, high: 0.9 });
const detection = {
  pairs: 4,
  defects: 5,
  map: 0.9912,
  perClass: [{ label: 'open', ap: 0.9912 }],
  bestF: { f: 0.9871 },
  atVerdict: { f: 0.9702, precision: share(4, 5), recall: share(3, 5) },
  escapedBoards: share(0, 4),
};
const comparison = {
  variant: 'int8-640',
  against: 'fp32-640',
  frames: 8,
  perClass: [{ label: 'open', ap: 0.99, apAgainst: 0.995, difference: -0.005 }],
  map: 0.99,
  mapAgainst: 0.995,
  difference: -0.005,
  passToReject: share(1, 8),
  rejectToPass: share(0, 8),
};
const report = {
  bundle: 'pcb-defects',
  version: '1.0.8',
  variant: 'int8-640',
  detection,
  falseRejects: { 'good boards': share(1, 9) },
  baseline: { ...detection, map: 0.91, atVerdict: { ...detection.atVerdict, f: 0.95 } },
  comparison,
};

describe('the page of benchmarks', () => {
  it('is what its figures give', () => {
    expect(() => execFileSync(process.execPath, ['tools/benchmarks-page.mjs', '--check'], { cwd: root })).not.toThrow();
  });

  it('shows ours, the baseline and the field, and says on how many pictures', () => {
    const section = fieldSection([report], published);
    expect(section).toMatch(/pcb-defects 1\.0\.8.*4 pairs, 5 defects.*99\.12 % \| 98\.71 %/);
    expect(section).toMatch(/Template difference.*91\.00 % \| 95\.00 %/);
    expect(section).toMatch(/Tang et al.*98\.6 % \| 98\.2 %/);
    expect(section).toMatch(/on 4 pairs, every second line/);
    expect(section).toMatch(/1 from pass to reject and 0 from reject to pass/);
    expect(section).toMatch(/\| pcb-defects \| open \| 99\.00 % \| 99\.50 % \| −0\.50 \|/);
    expect(section).toMatch(/1 of 9 good boards/);
  });

  it('leaves the rest of the page alone', () => {
    const page =
      'before\n<!-- field: made by tools/benchmarks-page.mjs, do not edit -->\nold\n<!-- /field -->\nafter\n';
    const placed = placeSection(page, 'new');
    expect(placed).toContain('new');
    expect(placed).not.toContain('old');
    expect([placed.startsWith('before\n'), placed.endsWith('after\n')]).toEqual([true, true]);
    expect(placeSection(placed, 'new')).toBe(placed);
    expect(() => placeSection('no marks', 'new')).toThrow(/marks/);
  });
});
