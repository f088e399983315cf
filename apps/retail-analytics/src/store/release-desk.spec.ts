import type { RetailRelease, StorePlan } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import type { WindowContributions } from '../measures/contribution.js';
import type { ReleaseWindow } from '../measures/measures-port.js';
import type { ReleaseOutcome } from '../privacy/release-ports.js';
import { aPlan, aRelease } from '../testing/a-view.js';
import { createReleaseDesk } from './release-desk.js';

const hourMs = 3_600_000;
const windowOf = (hour: number, planRevision = 1): ReleaseWindow => ({
  fromEpochMs: hour * hourMs,
  toEpochMs: (hour + 1) * hourMs,
  planRevision,
});

function aDesk(
  answer: (window: WindowContributions) => ReleaseOutcome = () => ({ releases: [aRelease()], refused: [] }),
) {
  const due: ReleaseWindow[] = [];
  const cut: ReleaseWindow[] = [];
  const released: string[] = [];
  const sent: RetailRelease[] = [];
  const refused: string[] = [];
  const desk = createReleaseDesk({
    measures: {
      due: () => due.splice(0),
      cut: () => cut.splice(0),
      take: (window) => ({ ...window, tracks: [], coverage: 1, qualityReasons: [] }),
    },
    releaser: {
      release: (window: WindowContributions, plan: StorePlan) => {
        released.push(`${window.fromEpochMs / hourMs} by plan ${plan.revision}`);
        return answer(window);
      },
      flush: () => ({ releases: [aRelease({ metric: 'heat' })], refused: [] }),
    },
    plan: aPlan,
    before: [],
    onRelease: (release) => sent.push(release),
    onRefusal: ({ code }) => refused.push(code),
  });
  return { desk, due, cut, released, sent, refused };
}

describe('release desk', () => {
  it('releases each closed window once, with the plan that it was measured by', () => {
    const { desk, due, released, sent } = aDesk();
    desk.plan({ ...aPlan, revision: 2 });
    due.push(windowOf(0), windowOf(1, 2));
    desk.tick(0);
    desk.tick(500);
    expect(released).toEqual(['0 by plan 1', '1 by plan 2']);
    expect(sent).toHaveLength(2);
    expect(desk.releases()).toEqual(sent);
  });

  it('goes on after a refusal and keeps the reason', () => {
    const refusal = { metric: 'counts' as const, fromEpochMs: 0, toEpochMs: 1, code: 'ledger.spent', reason: 'spent' };
    const { desk, due, sent, refused } = aDesk((window) =>
      window.fromEpochMs === 0 ? { releases: [], refused: [refusal] } : { releases: [aRelease()], refused: [] },
    );
    due.push(windowOf(0), windowOf(1));
    desk.tick(0);
    expect([refused, sent.length]).toEqual([['ledger.spent'], 1]);
    expect(desk.refusals()).toEqual([refusal]);
  });

  it('cuts the open windows at a clean stop, long ones too', () => {
    const { desk, due, cut, released, sent } = aDesk();
    due.push(windowOf(3));
    cut.push(windowOf(4));
    desk.finish(0);
    expect(released).toEqual(['3 by plan 1', '4 by plan 1']);
    expect(sent.map(({ metric }) => metric)).toEqual(['counts', 'counts', 'heat']);
  });

  it('holds a bounded number of releases and refusals for the page', () => {
    const refusal = { metric: 'counts' as const, fromEpochMs: 0, toEpochMs: 1, code: 'ledger.spent', reason: 'spent' };
    const { desk, due } = aDesk(() => ({ releases: [aRelease()], refused: [refusal] }));
    for (let hour = 0; hour < 500; hour += 1) due.push(windowOf(hour));
    desk.tick(0);
    expect([desk.releases().length, desk.refusals().length]).toEqual([120, 50]);
  });
});
