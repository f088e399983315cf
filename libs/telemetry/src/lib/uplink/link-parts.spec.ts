import { createRandom, DeviceError } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { createProtocolChoice } from './protocol-choice.js';
import { createPublishWindow } from './publish-window.js';
import { createReconnectPause } from './reconnect-pause.js';
import { createSendRate, sendRateBounds } from './send-rate.js';
import { createVirtualTime } from './testing/virtual-time.js';

describe('the pause before a connection', () => {
  it('grows to a minute, is spread over all of it, and begins anew after a connection that held', () => {
    const pause = createReconnectPause(createRandom(1));
    const first = Array.from({ length: 3 }, () => pause.next());
    first.forEach((ms, i) => expect(ms).toBeLessThan(1_000 * 2 ** i));
    for (let i = 0; i < 10; i++) pause.next();
    const late = Array.from({ length: 2_000 }, () => pause.next());
    expect(Math.max(...late)).toBeGreaterThan(59_000);
    expect(Math.max(...late)).toBeLessThan(60_000);
    expect(Math.min(...late)).toBeLessThan(1_000);
    const mean = late.reduce((a, b) => a + b) / late.length;
    expect(Math.abs(mean - 30_000)).toBeLessThan(1_500);
    pause.lived(60_000);
    expect(pause.next()).toBeLessThan(1_000);
  });

  it('stays short for a link that connects but does not hold', () => {
    const pause = createReconnectPause(createRandom(1));
    for (let i = 0; i < 100; i++) {
      pause.lived(500);
      expect(pause.next()).toBeLessThan(8_000);
    }
  });
});

describe('the choice of the protocol', () => {
  it('takes 3.1.1 at once where 5 is refused, and remembers it', () => {
    const choice = createProtocolChoice();
    expect(choice.version()).toBe(5);
    expect(choice.refused('version')).toBe(true);
    expect(choice.version()).toBe(4);
    choice.accepted();
    expect(choice.refused('closed')).toBe(false);
    expect(choice.version()).toBe(4);
  });

  it('does not spin between the two when both are refused', () => {
    const choice = createProtocolChoice();
    expect([1, 2, 3, 4].map(() => choice.refused('version'))).toEqual([true, false, false, false]);
  });

  it('follows a broker that was replaced', () => {
    const choice = createProtocolChoice();
    choice.accepted();
    expect(choice.refused('version')).toBe(true);
    expect(choice.version()).toBe(4);
  });
});

describe('the window of publishes', () => {
  const setUp = (maxWaiting = 10) => {
    const time = createVirtualTime({ epochMs: 0 });
    const window = createPublishWindow({ maxWaiting, timeoutMs: 1_000, schedule: time.schedule });
    const dones: ((error?: DeviceError) => void)[] = [];
    const outcomes: string[] = [];
    const add = (bytes = 0): void => {
      window
        .add('t', bytes, (done) => dones.push(done))
        .then(
          () => outcomes.push('ok'),
          (error: DeviceError) => outcomes.push(error.code),
        );
    };
    return { time, window, dones, outcomes, add };
  };

  it('sends no more at a time than the broker allows, and the rest in order', async () => {
    const { time, window, dones, outcomes, add } = setUp();
    window.setLimit(2);
    for (let i = 0; i < 5; i++) add();
    expect(dones).toHaveLength(2);
    dones[0]?.();
    expect(dones).toHaveLength(3);
    for (let i = 1; i < 5; i++) dones[i]?.();
    await time.advance(0);
    expect(outcomes).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
    expect(window.open()).toBe(0);
  });

  it('is bounded, and a timeout does not free the place of a packet whose answer is due', async () => {
    const { time, window, dones, outcomes, add } = setUp(1);
    add();
    add();
    add();
    await time.advance(0);
    expect(outcomes).toEqual(['mqtt.busy']);
    await time.advance(1_000);
    expect(outcomes).toEqual(['mqtt.busy', 'mqtt.timeout', 'mqtt.timeout']);
    expect([window.open(), dones.length]).toEqual([1, 1]);
    dones[0]?.();
    expect(window.open()).toBe(0);
  });

  it('gives a large payload the time of a slow link', async () => {
    const { time, outcomes, add } = setUp();
    add(100 * 1_024);
    await time.advance(100_000);
    expect(outcomes).toEqual([]);
    await time.advance(1_000);
    expect(outcomes).toEqual(['mqtt.timeout']);
  });

  it('fails everything with the connection, and takes no answer of the last one for the next', async () => {
    const { time, window, dones, outcomes, add } = setUp();
    add();
    add();
    window.fail(new DeviceError('mqtt.offline', 'gone'));
    add();
    dones[0]?.();
    await time.advance(0);
    expect(outcomes).toEqual(['mqtt.offline', 'mqtt.offline']);
    expect(window.open()).toBe(1);
  });
});

describe('the rate of an uplink', () => {
  const bounds = { windowBatches: 4, ackTimeoutMs: 10_000 };

  it('grows on quick answers and shrinks on a slow link until batches arrive', () => {
    const rate = createSendRate(bounds);
    for (let i = 0; i < 10; i++) rate.acknowledged(100);
    expect([rate.window(), rate.batchBytes()]).toEqual([4, 262_144]);
    // 2 KB/s: a batch takes as long as it is large.
    for (let i = 0; i < 20; i++) rate.acknowledged((rate.batchBytes() / 2_000) * 1_000);
    expect(rate.batchBytes() / 2_000).toBeLessThanOrEqual(5.2);
    for (let i = 0; i < 10; i++) rate.lost();
    expect(rate.batchBytes()).toBe(sendRateBounds.smallestBatchBytes);
    expect(rate.batchEvents()).toBeGreaterThan(0);
  });

  it('doubles its patience with each failure, up to two minutes, and recovers with the first answer', () => {
    const rate = createSendRate(bounds);
    const patience = Array.from({ length: 8 }, () => {
      rate.timedOut();
      return rate.ackTimeoutMs() / 1_000;
    });
    expect(patience).toEqual([20, 40, 80, 120, 120, 120, 120, 120]);
    rate.acknowledged(100);
    expect(rate.ackTimeoutMs()).toBe(10_000);
  });
});
