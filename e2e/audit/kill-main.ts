// Writes a trail until it is killed, and tells the leaf of each entry that was confirmed: `kill-main.ts FOLDER BOOT`.
import { createHash } from 'node:crypto';
import { silentLogger, systemClock } from '@edge-blueprints/contracts';
import { canonicalJson } from '../../libs/audit/src/lib/log/canonical-json.js';
import { openAuditLog } from '../../libs/audit/src/lib/log/open-audit-log.js';
import { draft, logSigner, origin } from '../../libs/audit/src/testing/trail-bench.js';

const [folder = '', boot = ''] = process.argv.slice(2);
const log = await openAuditLog({
  ...{ folder, origin, boot, signers: [logSigner], clock: systemClock, logger: silentLogger },
  clockState: () => ({ source: 'system', offsetMs: 0, synced: true }),
  policy: { activeMs: 20, idleMs: 1_000 },
  walSegmentBytes: 4_096,
});
process.stdout.write('open\n');
let stopped = false;
process.stdin.once('end', () => (stopped = true)).resume();
for (let number = 0; !stopped; number += 3) {
  const group = [0, 1, 2].map((i) => log.record([draft(number + i, i === 0 ? { payload: { number } } : {})]));
  for (const [entry] of await Promise.all(group)) {
    const leaf = createHash('sha256').update('\0').update(canonicalJson(entry)).digest('base64');
    process.stdout.write(`${entry?.seq ?? ''} ${leaf}\n`);
  }
}
await log.close();
