import { describe, expect, it } from 'vitest';
import { dropRows, hasLoss, totalDrops } from './drop-rows.js';

describe('dropRows', () => {
  const rows = dropRows({ 'frame.superseded': 2, 'store.evictedBlobs': 500, 'record.not-stored': 0, 'new.cause': 1 });

  it('does not count the store making room, and keeps causes that it does not know', () => {
    expect(totalDrops(rows)).toBe(3);
    expect(rows.map((row) => row.name)).toContain('new.cause');
  });

  it('asks for an act only when evidence is lost', () => {
    expect(hasLoss(rows)).toBe(false);
    expect(hasLoss(dropRows({ 'record.queue-full': 1 }))).toBe(true);
  });
});
