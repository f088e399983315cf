import { describe, expect, it } from 'vitest';
import { fillCard } from './model-card.js';
import { listed, sampleBundle } from './testing/sample-bundle.js';

describe('fillCard', () => {
  const manifest = listed(sampleBundle());

  it('fills values and tables', () => {
    const card = fillCard('# {{name}} {{ version }}\n{{thresholds}}\n{{metrics}}\n{{licence.note}}', manifest);
    expect(card).toContain('# sample 1.0.3');
    expect(card).toContain('| open | 0.5 | made up |');
    expect(card).toContain('| map | 0.9 |');
    expect(card).not.toContain('{{');
  });

  it('keeps a value with a bar or a dollar sign from breaking the table', () => {
    const odd = { ...manifest, thresholds: [{ label: 'a|b', threshold: 1, provenance: "$& $'" }] };
    expect(fillCard('{{thresholds}}', odd)).toContain("| a\\|b | 1 | $& $' |");
  });

  it('says first that a bundle is for research, also when it does not record its inputs', () => {
    const { inputs: _inputs, ...lineage } = manifest.lineage;
    expect(fillCard('# {{name}}', manifest)).toBe('# sample');
    for (const research of [
      { ...manifest, use: 'research' as const },
      { ...manifest, lineage },
    ])
      expect(fillCard('# {{name}}', research)).toMatch(/^> \*\*Research use only\.\*\*[^]*# sample$/);
  });

  it('names every unknown place at once', () => {
    expect(() => fillCard('{{name}} {{nmae}} {{constructor}}', manifest)).toThrow(
      /unknown places: nmae, constructor\. Known are: name/,
    );
  });
});
