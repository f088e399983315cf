import { describe, expect, it } from 'vitest';
import { proofWords } from './proof-words.js';

describe('what the proof of the audit says', () => {
  it('is whole, and says what is not there any more', () => {
    const whole = proofWords({ entries: 3, first: 1, last: 3, brokenAt: null });
    expect([whole.mark, whole.detail]).toEqual(['ok', expect.stringContaining('3 entries, number 1 to 3')]);
    expect(whole.detail).not.toContain('no longer kept');
    const pruned = proofWords({ entries: 2, first: 8, last: 9, brokenAt: null });
    expect(pruned).toMatchObject({ mark: 'ok', detail: expect.stringContaining('up to number 7 are no longer kept') });
    expect(proofWords({ entries: 0, first: null, last: null, brokenAt: null }).mark).toBe('ok');
  });

  it('names the entry at which the chain breaks, and tells a cut end from a changed entry', () => {
    const changed = proofWords({ entries: 4, first: 1, last: 5, brokenAt: 5 });
    expect(changed).toMatchObject({ mark: 'stop', verdict: expect.stringContaining('entry 5') });
    const cut = proofWords({ entries: 4, first: 1, last: 4, brokenAt: 5 });
    expect(cut).toMatchObject({ mark: 'stop', detail: expect.stringContaining('from number 5 on') });
    expect(cut.verdict).not.toBe(changed.verdict);
    expect(proofWords({ entries: 0, first: null, last: null, brokenAt: 1 }).verdict).toBe(cut.verdict);
  });
});
