// The trail under SIGKILL: whatever was confirmed is in the log, every stop is declared, the verifier finds it whole.
// EDGE_AUDIT_KILLS sets the number of kills (30).
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@edge-blueprints/contracts';
import { judge } from '../libs/audit/src/testing/tamper-bench.js';
import type { Anchor } from '../libs/audit/src/verify/anchors.js';
import { openLogFolder } from '../libs/audit/src/verify/log-folder.js';
import { suite } from './check.js';

const kills = Number(process.env['EDGE_AUDIT_KILLS'] ?? 30);
const main = join(import.meta.dirname, 'audit/kill-main.ts');
const flags = ['--conditions=@edge-blueprints/source', '--import', 'tsx', '--disable-warning=ExperimentalWarning'];

/** One life of the writer. @returns what it confirmed */
async function live(folder: string, boot: string, killAfterMs: number | undefined): Promise<readonly string[]> {
  const child = spawn(process.execPath, [...flags, main, folder, boot], { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  let end: NodeJS.Timeout | undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    end ??= setTimeout(
      () => (killAfterMs === undefined ? child.stdin.end() : child.kill('SIGKILL')),
      killAfterMs ?? 300,
    );
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), 60_000);
  await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(limit);
  clearTimeout(end);
  return text.split('\n').slice(0, -1);
}

await suite('audit-kill', async (check) => {
  const folder = mkdtempSync(join(tmpdir(), 'trail-kill-'));
  try {
    const random = createRandom(31);
    const confirmed = new Map<number, string>();
    let [opened, changed] = [0, 0];
    for (let life = 0; life <= kills; life += 1) {
      const lines = await live(folder, `boot-${life}`, life === kills ? undefined : random.integer(0, 250));
      if (lines[0] === 'open') opened += 1;
      for (const line of lines.slice(1)) {
        const [seq = '', leaf = ''] = line.split(' ');
        if (confirmed.has(Number(seq))) changed += 1;
        confirmed.set(Number(seq), leaf);
      }
    }
    const anchors = [...confirmed].map(([seq, leaf]): Anchor => ({
      kind: 'leaf',
      from: `confirmed ${seq}`,
      seq,
      leaf: Buffer.from(leaf, 'base64'),
    }));
    const report = await judge(new Map(), { folder: openLogFolder(join(folder, 'log')), anchors });
    const failures = Object.values(report.verdicts).flatMap(({ findings }) =>
      findings.filter(({ level }) => level === 'fail'),
    );
    check(`opened after each of ${kills} kills`, opened === kills + 1, `${opened} of ${kills + 1}`);
    check('no number was confirmed twice', changed === 0, String(changed));
    check(
      `all ${confirmed.size} confirmed entries are in the log of ${report.size}, which is whole`,
      report.exitCode === 0 && confirmed.size > kills,
      failures
        .slice(0, 3)
        .map(({ text }) => text)
        .join(' | '),
    );
    check('every kill is declared', report.declaredGaps === kills, `${report.declaredGaps} gaps`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
