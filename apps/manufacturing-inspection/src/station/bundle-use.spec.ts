import { describe, expect, it } from 'vitest';
import type { BundleManifest } from '@edge-blueprints/inference';
import { requireAllowedUse } from './suitable-bundle.js';

const open = { name: 'rendered', kind: 'data', licence: 'Apache-2.0', redistribution: 'allowed' } as const;
const lineage = { data: ['boards'], inputs: [{ ...open, source: 'here', citation: 'none' }], command: 'x', seed: 1 };

function use(
  manifest: Partial<Pick<BundleManifest, 'use' | 'lineage'>>,
  { simulated = false, allowResearch = false } = {},
): void {
  const licence = { spdx: 'LicenseRef-research', note: 'Research only.' };
  requireAllowedUse(
    { folder: 'models/pcb', manifest: { name: 'pcb', version: '1.0.7', licence, lineage, ...manifest } },
    { station: { simulated }, bundle: { allowResearch } },
  );
}

const { inputs: _inputs, ...unrecorded } = lineage;

describe('a bundle for research', () => {
  it.each([
    ['marked', { use: 'research' as const }],
    ['without a record of its inputs', { lineage: unrecorded }],
  ])('that is %s is refused in production and says how to go on', (_, manifest) => {
    expect(() => use(manifest)).toThrow(
      /pcb 1\.0\.7.*research use only \(LicenseRef-research\)[^]*bundle\.allowResearch/,
    );
  });

  it('runs on a simulated station and where somebody answers for it', () => {
    expect(() => use({ use: 'research' }, { simulated: true })).not.toThrow();
    expect(() => use({ use: 'research' }, { allowResearch: true })).not.toThrow();
  });

  it('is not what a bundle of free inputs is', () => {
    expect(() => use({})).not.toThrow();
  });
});
