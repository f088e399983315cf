import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chain, firstBreak } from './audit-chain.js';

const facts = fc.record({
  at: fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-01-01T00:00:01.000Z'),
  who: fc.string({ maxLength: 8 }),
  action: fc.constantFrom('alert.acknowledge', 'label.set'),
  target: fc.string({ maxLength: 8 }),
  detail: fc.string({ maxLength: 8 }),
});
const start = { id: 0, hash: '' };

describe('audit chain', () => {
  it('holds however it was appended', () => {
    fc.assert(
      fc.property(fc.array(facts, { maxLength: 12 }), fc.nat(12), (all, cut) => {
        const first = chain(start, all.slice(0, cut));
        const second = chain(first.at(-1) ?? start, all.slice(cut));
        expect([...first, ...second]).toEqual(chain(start, all));
        expect(firstBreak([...first, ...second], start)).toBeUndefined();
      }),
    );
  });

  it('shows an entry that was changed, taken out, put in or moved', () => {
    fc.assert(
      fc.property(fc.array(facts, { minLength: 3, maxLength: 12 }), fc.nat(), fc.nat(3), (all, at, kind) => {
        const entries = [...chain(start, all)];
        const i = at % (entries.length - 1);
        const victim = entries[i]!;
        if (kind === 0) entries[i] = { ...victim, detail: `${victim.detail}!` };
        else if (kind === 1) entries.splice(i, 1);
        else if (kind === 2) entries.splice(i, 0, { ...victim, id: victim.id });
        else entries.splice(i, 2, entries[i + 1]!, victim);
        expect(firstBreak(entries, start)).toBeDefined();
      }),
    );
  });

  it('keeps fields apart: text cannot move from one to the next', () => {
    const [a] = chain(start, [{ at: '2026-01-01T00:00:00.000Z', who: 'ab', action: 'c', target: '', detail: '' }]);
    const [b] = chain(start, [{ at: '2026-01-01T00:00:00.000Z', who: 'a', action: 'bc', target: '', detail: '' }]);
    expect(a?.hash).not.toBe(b?.hash);
  });
});
