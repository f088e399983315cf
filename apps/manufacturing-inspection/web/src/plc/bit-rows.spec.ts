import { describe, expect, it } from 'vitest';
import { bitRows, statusBits } from './bit-rows.js';

describe('bitRows', () => {
  it('keeps every bit in its place and reads other spellings', () => {
    const rows = bitRows(statusBits, ['triggerReady', 'golden-due', 'ONLINE']);
    expect(rows.map((row) => row.name)).toEqual([...statusBits]);
    expect(rows.filter((row) => row.set).map((row) => row.name)).toEqual(['ONLINE', 'TRIGGER_READY', 'GOLDEN_DUE']);
    expect(rows.filter((row) => row.abnormal).map((row) => row.name)).toEqual(['GOLDEN_DUE']);
  });

  it('does not hide a bit that it does not know', () => {
    expect(bitRows(statusBits, ['NEW_BIT']).at(-1)).toEqual({ name: 'NEW_BIT', set: true, abnormal: false });
  });
});
