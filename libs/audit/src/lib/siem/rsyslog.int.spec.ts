import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger } from '@edge-blueprints/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeCertificates, rsyslogMissing, startRsyslog } from '../../testing/rsyslog-bench.js';
import { judge } from '../../testing/tamper-bench.js';
import { draft, filesOf, openTrail, temporaryFolder } from '../../testing/trail-bench.js';
import { readAnchors } from '../../verify/anchors.js';
import { startSiemFeed } from './siem-feed.js';
import { createSyslogConnector } from './syslog-receiver.js';

const missing = rsyslogMissing();
if (missing !== undefined && process.env['CI'] === 'true') throw new TypeError(`${missing} needed in CI`);

let folder: ReturnType<typeof temporaryFolder>;
const closers: (() => void | Promise<void>)[] = [];
beforeEach(() => void (folder = temporaryFolder()));
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  folder.remove();
});
const text = (name: string): string => readFileSync(join(folder.path, name), 'utf8');

describe.skipIf(missing !== undefined)('rsyslog over TLS with certificates on both sides', () => {
  it('receives every entry and checkpoint, and what it keeps anchors the log', async () => {
    makeCertificates(folder.path);
    const out = join(folder.path, 'siem.log');
    const { port, stop: stopReceiver } = await startRsyslog(folder.path, out);
    closers.push(stopReceiver);
    const trail = join(folder.path, 'trail');
    mkdirSync(trail);
    const log = await openTrail(trail);
    closers.push(() => log.close());
    const stop = new AbortController();
    closers.push(() => stop.abort());
    const tls = { host: '127.0.0.1', port, serverName: 'siem.ward', ca: text('ca.crt') };
    const connect = createSyslogConnector({ ...tls, cert: text('gateway.ward.crt'), key: text('gateway.ward.key') });
    await startSiemFeed(
      { log, folder: trail, connect, hostname: 'gw-1', processId: 7, epochMs: () => Date.now(), logger: silentLogger },
      stop.signal,
    );
    await log.record(Array.from({ length: 500 }, (_, i) => draft(i, { reason: i === 7 ? 'Größe "]\n' : 'x' })));
    await log.checkpoint();
    const lines = () => (existsSync(out) ? readFileSync(out, 'utf8').trim().split('\n') : []);
    await expect.poll(() => lines().at(-1), { timeout: 15_000 }).toMatch(/audit\.checkpoint .*size="501"/);
    const seqs = lines().flatMap((line) => /^<85>1 .* edge-ward 7 \S+ \[audit@32473 seq="(\d+)"/.exec(line)?.[1] ?? []);
    expect(new Set(seqs).size).toBe(501);
    const { anchors, unread } = readAnchors(lines().join('\n'), 'rsyslog');
    expect(unread).toEqual([]);
    expect(await judge(filesOf(join(trail, 'log')), { anchors, maxUnanchored: 0 })).toMatchObject({
      exitCode: 0,
      anchored: 501,
    });

    // The CA's own certificate is trusted and is not the one of the gateway: its name is not permitted.
    const stranger = createSyslogConnector({ ...tls, cert: text('ca.crt'), key: text('ca.key'), timeoutMs: 3_000 });
    const refused = stranger(stop.signal).then(async (connection) => {
      await new Promise((resolve) => connection.gone.addEventListener('abort', resolve, { once: true }));
      throw connection.gone.reason;
    });
    await expect(refused).rejects.toMatchObject({ code: 'audit.siem' });
    const wrongName = createSyslogConnector({
      ...tls,
      serverName: 'other.ward',
      cert: text('ca.crt'),
      key: text('ca.key'),
    });
    await expect(wrongName(stop.signal)).rejects.toMatchObject({ code: 'audit.siem', retry: 'safe' });
  });
});
