import { DeviceError } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { createOutboxGroups, failureOf } from './outbox-groups.js';
import type { OutboxInput } from './outbox-port.js';
import { createTestClock, inputOf } from './testing/test-events.js';

const now = { epochMs: 0, uptimeMs: 0 };
const clock = createTestClock();

function start(groupEvents: number) {
  const commits: OutboxInput[][] = [];
  const said: unknown[] = [];
  let broken = false;
  let dropped = 0;
  let next = 1;
  const groups = createOutboxGroups({
    groupEvents,
    append(events) {
      if (broken) throw new DeviceError('outbox.disk', 'the disk is full', { retry: 'safe' });
      commits.push([...events]);
      return events.map(() => ({ sequence: next++ }));
    },
    onDropped: (n) => void (dropped += n),
  });
  const add = (kind: 'business' | 'metric', n: number) =>
    groups.add(inputOf(clock, kind, n), (result) => void said.push('failure' in result ? 'failed' : result.sequence));
  return { groups, commits, said, add, dropped: () => dropped, breakDisk: (on: boolean) => void (broken = on) };
}

describe('createOutboxGroups', () => {
  it('answers durable events after their one commit, metric events at once, and commits them along', () => {
    const { groups, commits, said, add } = start(10);
    for (const kind of ['business', 'metric', 'business'] as const) add(kind, 0);
    expect(said).toEqual([null]);
    groups.commit(now);
    expect(said).toEqual([null, 1, 2]);
    expect(commits).toHaveLength(1);
    expect(commits[0]).toHaveLength(3);
    expect(groups.hasMetrics()).toBe(false);
    groups.commit(now);
    expect(commits).toHaveLength(1);
  });

  it('says when a group of metrics is full', () => {
    const { add } = start(3);
    expect([add('metric', 1), add('business', 2), add('metric', 3), add('metric', 4)]).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it('fails durable events when the disk refuses, keeps metrics for later, and drops the oldest beyond four groups', () => {
    const { groups, commits, said, add, dropped, breakDisk } = start(2);
    breakDisk(true);
    add('business', 0);
    for (let n = 1; n <= 11; n++) add('metric', n);
    groups.commit(now);
    expect(said.at(-1)).toBe('failed');
    expect(dropped()).toBe(3);
    breakDisk(false);
    add('business', 12);
    groups.commit(now);
    expect(said.at(-1)).toBe(1);
    expect(commits[0]?.map(({ data }) => ('who' in data ? data.who : ''))).toEqual([
      'n12',
      'n4',
      'n5',
      'n6',
      'n7',
      'n8',
      'n9',
      'n10',
      'n11',
    ]);
  });

  it('counts at the end what could not be committed', () => {
    const { groups, add, dropped, breakDisk } = start(5);
    breakDisk(true);
    add('metric', 1);
    groups.finish(now);
    expect(dropped()).toBe(1);
    expect(groups.hasMetrics()).toBe(false);
  });
});

describe('failureOf', () => {
  it('keeps code, retry and words of an error', () => {
    expect(failureOf(new DeviceError('outbox.too-large', 'too large'))).toEqual({
      code: 'outbox.too-large',
      retry: 'never',
      message: 'too large',
    });
    expect(failureOf(new TypeError('x'))).toMatchObject({ code: 'unexpected', retry: 'safe' });
  });
});
