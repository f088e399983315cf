import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeSite, wholeSite } from './site-judgement.js';
import type { OpenAlert, StandingCondition } from './site-judgement.js';

const standing = (device: string, ripe = true): StandingCondition => ({
  device,
  severity: 'alarm',
  text: `${device} is offline`,
  count: 1,
  since: '2026-01-01T00:00:00.000Z',
  ripe,
});
const many = (count: number) => Array.from({ length: count }, (_, i) => standing(`d${i}`));

/** What the open alerts are after a judgement. */
function after(open: readonly OpenAlert[], verdict: ReturnType<typeof judgeSite>): readonly OpenAlert[] {
  const left = open
    .filter(({ id }) => !verdict.clear.includes(id))
    .map((each) => ({ ...each, ...verdict.update.find(({ id }) => id === each.id) }));
  const next = Math.max(0, ...open.map(({ id }) => id)) + 1;
  return [...left, ...verdict.raise.map((each, i) => ({ ...each, id: next + i }))];
}

describe('judgement of a site', () => {
  it('tells of each device while few are in trouble, and only when that has stood', () => {
    const verdict = judgeSite('hall', [standing('a'), standing('b', false)], [], 10);
    expect(verdict).toMatchObject({ raise: [{ device: 'a', text: 'a is offline' }], clear: [] });
  });

  it('tells of 400 devices as of one site', () => {
    const { raise } = judgeSite('hall', many(400), [], 10);
    expect(raise).toHaveLength(1);
    expect(raise[0]).toMatchObject({
      device: wholeSite,
      text: expect.stringMatching(/^400 devices of hall since .*d0, d1, d2/),
    });
  });

  it('comes back to single devices when fewer than half of the group are left, not at its edge', () => {
    let open = after([], judgeSite('hall', many(10), [], 10));
    open = after(open, judgeSite('hall', many(5), open, 10));
    expect(open.map(({ device }) => device)).toEqual([wholeSite]);
    open = after(open, judgeSite('hall', many(4), open, 10));
    expect(open.map(({ device }) => device)).toEqual(['d0', 'd1', 'd2', 'd3']);
    expect(after(open, judgeSite('hall', [], open, 10))).toEqual([]);
  });

  it('keeps one alert a device at most, none without trouble, and settles: judged again nothing changes', () => {
    const devices = fc.uniqueArray(fc.nat(30), { maxLength: 25 });
    fc.assert(
      fc.property(fc.array(devices, { maxLength: 8 }), fc.integer({ min: 2, max: 12 }), (course, groupFrom) => {
        let open: readonly OpenAlert[] = [];
        for (const each of course) {
          const conditions = each.map((i) => standing(`d${i}`));
          open = after(open, judgeSite('s', conditions, open, groupFrom));
          const names = open.map(({ device }) => device);
          expect(new Set(names).size).toBe(names.length);
          for (const name of names) expect(name === wholeSite || each.includes(Number(name.slice(1)))).toBe(true);
          if (each.length > 0) expect(open.length).toBeGreaterThan(0);
          if (!names.includes(wholeSite)) expect(names.length).toBe(each.length);
          expect(judgeSite('s', conditions, open, groupFrom)).toEqual({ raise: [], update: [], clear: [] });
        }
      }),
    );
  });
});
