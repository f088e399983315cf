import { describe, expect, it } from 'vitest';
import { addResults, isComplete, runVirtualFleet } from './virtual-fleet.js';

const options = { devices: 40, from: 0, hours: 24, healHours: 2, seed: 11, reportMinutes: 20 };

describe('a fleet in virtual time', () => {
  it('delivers every event once through a day of cuts, power cuts, restarts and clock steps', async () => {
    const result = await runVirtualFleet(options);
    expect(result).toMatchObject({ pending: 0, unexplained: 0, deletedTooEarly: 0, incompleteAtHub: 0 });
    expect(result.delivered).toBe(result.events);
    expect(result.events).toBeGreaterThan(40 * 70);
    // It would prove little without them.
    for (const fault of ['cut', 'blackhole', 'powerCut', 'brokerRestart', 'hubAway'])
      expect(result.faults[fault], fault).toBeGreaterThan(0);
    expect(result.resent).toBeGreaterThan(0);
    expect(result.duplicatesAtHub).toBeGreaterThan(0);
    expect(isComplete(result)).toBe(true);
    expect(isComplete({ ...result, delivered: result.delivered - 1 })).toBe(false);
    expect(addResults(result, result)).toMatchObject({ devices: 80, events: 2 * result.events });
  });

  it('comes out the same from the same seed', async () => {
    const short = { ...options, devices: 10, hours: 4 };
    const [a, b] = [await runVirtualFleet(short), await runVirtualFleet(short)];
    expect({ ...a, ackLatency: a.ackLatency.snapshot() }).toEqual({ ...b, ackLatency: b.ackLatency.snapshot() });
  });
});
