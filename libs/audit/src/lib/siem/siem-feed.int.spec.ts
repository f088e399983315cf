import { join } from 'node:path';
import { DeviceError, silentLogger, type AuditEntry } from '@edge-blueprints/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judge } from '../../testing/tamper-bench.js';
import { draft, filesOf, openTrail, temporaryFolder } from '../../testing/trail-bench.js';
import { readAnchors } from '../../verify/anchors.js';
import type { AuditLog } from '../log/audit-log.js';
import { ocsfOfEntry } from './ocsf-event.js';
import { startSiemFeed } from './siem-feed.js';
import type { SyslogConnector } from './syslog-receiver.js';

let folder: ReturnType<typeof temporaryFolder>;
let log: AuditLog;
let stop: AbortController;
beforeEach(async () => {
  folder = temporaryFolder();
  stop = new AbortController();
  log = await openTrail(join(folder.path, 'trail'));
});
afterEach(async () => {
  stop.abort();
  await log.close();
  folder.remove();
});

/** A receiver that can be down, and that loses what it had not read when it goes. */
function receiver() {
  const lines: string[] = [];
  let [up, connection] = [true, new AbortController()];
  const connect: SyslogConnector = async () => {
    if (!up) throw new DeviceError('audit.siem', 'refused', { retry: 'safe' });
    const gone = (connection = new AbortController()).signal;
    return {
      gone,
      close: () => undefined,
      send: async (message) => {
        gone.throwIfAborted();
        lines.push(Buffer.from(message).toString('utf8'));
      },
    };
  };
  return {
    lines,
    connect,
    seqs: () =>
      lines.flatMap((line) => Number(/seq="(\d+)"/.exec(line)?.[1] ?? NaN)).filter((seq) => !Number.isNaN(seq)),
    down: (lost: number) => {
      up = false;
      lines.splice(lines.length - lost);
      connection.abort(new DeviceError('audit.siem', 'closed', { retry: 'safe' }));
    },
    up: () => void (up = true),
  };
}

const start = (connect: SyslogConnector, more = {}) =>
  startSiemFeed(
    {
      ...{ log, folder: folder.path, connect, hostname: 'gw-1', processId: 7, epochMs: () => 1_777_622_400_000 },
      ...{ logger: silentLogger, retryMs: 5, resendEntries: 3, ...more },
    },
    stop.signal,
  );
const drafts = (from: number, count: number) => Array.from({ length: count }, (_, i) => draft(from + i));

describe('the feed of the SIEM', () => {
  it('loses no entry when the receiver goes down and comes back, and its anchors fit the log', async () => {
    const siem = receiver();
    const feed = await start(siem.connect);
    await log.record(drafts(1, 5));
    await log.checkpoint();
    await expect.poll(() => siem.seqs()).toEqual([0, 1, 2, 3, 4, 5]);
    siem.down(3);
    await log.record(drafts(6, 4));
    await log.checkpoint();
    await expect.poll(() => feed.status().fault).toBe('refused');
    expect(feed.status().behind).toBeGreaterThan(3);
    siem.up();
    await expect.poll(() => siem.lines.at(-1)).toMatch(/audit\.checkpoint .*size="10"/);
    expect([...new Set(siem.seqs())]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const { anchors, unread } = readAnchors(siem.lines.join('\n'), 'siem');
    expect(unread).toEqual([]);
    const report = await judge(filesOf(join(folder.path, 'trail', 'log')), { anchors, maxUnanchored: 0 });
    expect(report).toMatchObject({ exitCode: 0, anchored: 10 });
  });

  it('goes on after a restart, and tells in the log what it skipped when too much waits', async () => {
    const siem = receiver();
    const first = await start(siem.connect);
    await expect.poll(() => siem.seqs()).toEqual([0]);
    stop.abort();
    await first.ended;
    await log.record(drafts(1, 40));
    await log.checkpoint();
    stop = new AbortController();
    const second = await start(siem.connect, { maxBehind: 10 });
    await expect.poll(() => siem.seqs().at(-1)).toBe(40);
    expect(siem.seqs()).toEqual([0, ...Array.from({ length: 10 }, (_, i) => 31 + i)]);
    expect(second.status().skipped).toBe(31);
    await log.checkpoint();
    await expect
      .poll(() => siem.lines.find((line) => line.includes('seq="41"')))
      .toMatch(/audit\.gap .*more than 10 waited/);
  });
});

describe('what is sent', () => {
  const entry: AuditEntry = {
    ...{ v: 1, origin: 'o.example/w', seq: 9, boot: 'b', tWall: '2026-05-01T08:00:00.250Z', tMonoMs: 5 },
    ...{ clock: { source: 'chrony', offsetMs: 0, synced: true }, type: 'security.denied', action: 'create' },
    ...{ actor: { id: 'n-1', role: 'nurse' }, outcome: 'refused', links: { topic: 'x' }, reason: 'no right' },
  };

  it('is an OCSF event whose type is class and activity, in integers', () => {
    expect(ocsfOfEntry(entry, 'leaf')).toMatchObject({
      ...{ class_uid: 2_004, category_uid: 2, activity_id: 1, type_uid: 200_401, severity_id: 4, status_id: 2 },
      ...{
        time: Date.parse('2026-05-01T08:00:00.250Z'),
        status_detail: 'no right',
        unmapped: { leaf: 'leaf', links: { topic: 'x' } },
      },
    });
    expect(ocsfOfEntry({ ...entry, type: 'alarm.ack', action: 'acknowledge' }, '')).toMatchObject({
      type_uid: 600_399,
    });
  });
});
