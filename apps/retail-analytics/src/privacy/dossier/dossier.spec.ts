import { describe, expect, it } from 'vitest';
import { sampleConfig, samplePlan } from '../../testing/store-sample.js';
import { dossierHtml, dossierMarkdown } from './blocks.js';
import { createDossier } from './dossier.js';
import { metricFacts, type DossierFacts } from './facts.js';

const facts: DossierFacts = {
  store: 'shop <1>',
  simulated: false,
  madeAt: '2026-03-02T12:00:00.000Z',
  cameras: [{ id: 'door', mount: 'overhead' }],
  plan: samplePlan,
  privacy: sampleConfig('ledger'),
  hub: false,
  maxFrameAgeMs: 1_000,
  pageHost: '127.0.0.1',
  calibrationPictures: false,
  ledger: {
    verdict: 'sound',
    problems: [],
    entries: 12,
    head: 'ab'.repeat(32),
    days: ['2026-03-02'],
    released: 4,
    burnt: 1,
    open: 0,
    mostSpent: { day: '2026-03-02', epsilon: 1 },
  },
  spentToday: 0.6,
};

describe('privacy dossier', () => {
  it('says budget, ledger and guarantee of this store in both files', () => {
    const dossier = createDossier(facts);
    for (const file of [dossierHtml(dossier), dossierMarkdown(dossier)]) {
      for (const said of [
        '0.6 of 1',
        'ab'.repeat(32),
        'burnt by interruptions: 1',
        '2 x 1 = 2, a factor of 7.39',
        '± 17 people',
      ])
        expect(file).toContain(said);
      expect(file.match(/To be filled in by the operator/g)?.length).toBeGreaterThan(8);
    }
    expect(dossierHtml(dossier)).toContain('shop &lt;1&gt;');
    expect(dossierHtml(dossier)).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
  });

  it('names each way out that the settings open', () => {
    const text = (change: Partial<DossierFacts>) => dossierMarkdown(createDossier({ ...facts, ...change }));
    expect(text({})).toContain('nothing: not configured');
    expect(text({ hub: true })).toContain('outbox on this disk, then the hub');
    expect(text({ pageHost: '0.0.0.0' })).toContain('reachable from the network');
    expect(text({ calibrationPictures: true })).toContain('each look is audited');
  });

  it('lists the metrics that have a budget, with sums that stay within the day', () => {
    const metrics = metricFacts(facts);
    expect(metrics.map(({ metric, window }) => `${metric} ${window}`)).toEqual([
      'counts an hour',
      'visits an hour',
      'dwell a day',
      'heat a day',
      'queue a day',
    ]);
    expect(metrics.reduce((sum, m) => sum + m.epsilon, 0)).toBeCloseTo(1);
  });
});
