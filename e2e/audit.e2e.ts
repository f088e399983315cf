// The trail before an outsider: a program of Go's checksum database judges our checkpoints, tiles and proofs, and agrees
// with our verifier, also on logs that were spoilt. EDGE_AUDIT_LOGS sets the number of random logs (200).
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRandom } from '@edge-blueprints/contracts';
import { createGrowingTree, leafHash } from '../libs/audit/src/lib/log/merkle-tree.js';
import { consistencyPath, inclusionPath, rangeRoot } from '../libs/audit/src/lib/log/tree-proofs.js';
import { createTileStore } from '../libs/audit/src/lib/log/tile-store.js';
import { forge, judge, reworded } from '../libs/audit/src/testing/tamper-bench.js';
import { draft, logSigner, origin } from '../libs/audit/src/testing/trail-bench.js';
import { canonicalJson } from '../libs/audit/src/lib/log/canonical-json.js';
import { openLogFolder } from '../libs/audit/src/verify/log-folder.js';
import { buildOutsider, outsiderPresent } from './audit/outsider.js';
import { absent, suite } from './check.js';

const title = 'audit';
const logs = Number(process.env['EDGE_AUDIT_LOGS'] ?? 200);
const edges = [0, 1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537];
/** Folders a call of the outsider. */
const together = 50;
if (!outsiderPresent) absent(title, 'Go with its module packages');

await suite(title, async (check) => {
  const folder = mkdtempSync(join(tmpdir(), 'outsider-'));
  try {
    const program = buildOutsider(folder);
    const random = createRandom(6_962);
    const wrong: string[] = [];
    let [judged, spoilt] = [0, 0];
    const batch: { readonly path: string; readonly ours: boolean }[] = [];
    const flush = (): void => {
      const paths = batch.map(({ path }) => path);
      const { stdout } = spawnSync(program, [logSigner.vkey, ...paths], { encoding: 'utf8', timeout: 120_000 });
      for (const [i, { path, ours }] of batch.entries()) {
        const line = stdout.split('\n')[i] ?? 'no answer';
        judged += 1;
        if (line.includes(' ok ') !== ours) wrong.push(`${line}; ours: ${ours ? 'pass' : 'fail'}`);
        rmSync(path, { recursive: true });
      }
      batch.length = 0;
    };
    for (let number = 0; number < logs + edges.length; number += 1) {
      const size = edges[number] ?? random.integer(0, 5_000);
      const path = join(folder, `log-${number}`);
      const { files, proofs } = await makeLog(size, number);
      const spoil = size > 0 && number >= edges.length && number % 4 === 3;
      if (spoil) {
        spoilt += 1;
        const names = [...files.keys()].filter((name) => name !== 'checkpoints.jsonl');
        const name = random.pick([names[0] ?? 'checkpoint', ...names.slice(1)]);
        const bytes = Buffer.from(files.get(name) ?? Buffer.alloc(0));
        const at = random.integer(0, bytes.length - 1);
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        files.set(name, bytes);
      }
      for (const [name, bytes] of files) {
        mkdirSync(dirname(join(path, name)), { recursive: true });
        writeFileSync(join(path, name), bytes);
      }
      const verdict = await judge(files, { folder: openLogFolder(path) });
      if (!spoil) await proofs(path);
      // Ours also judges what Go's packages know nothing of; those are sound in all of these logs.
      batch.push({ path, ours: verdict.verdicts.integrity.status === 'pass' });
      if (spoil === (verdict.verdicts.integrity.status === 'pass'))
        wrong.push(`log-${number} of ${size}: our verdict is wrong`);
      if (batch.length === together) flush();
    }
    flush();
    check(
      `Go and our verifier agree on ${judged} logs, ${spoilt} of them spoilt`,
      wrong.length === 0,
      wrong.slice(0, 5).join(' | '),
    );

    const honest = await makeLog(300, 1);
    const otherKey = logSigner.vkey.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    check('Go refuses our checkpoint under another key', await refuses(program, folder, honest.files, otherKey));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Entries of that log, with clocks that run; and the proofs of some of them, as our code makes them. */
async function makeLog(size: number, seed: number) {
  const entries = Array.from({ length: size }, (_, seq) => entryOf(seq, seed));
  const files = await forge(entries);
  return {
    files,
    proofs: async (path: string): Promise<void> => {
      if (size === 0) return;
      const random = createRandom(seed + 1);
      const { readTile } = createTileStore(path);
      const tree = createGrowingTree();
      for (const entry of entries) tree.append(leafHash(entry));
      const root = tree.root().toString('base64');
      const inclusion = [];
      for (const index of new Set([0, size - 1, random.integer(0, size - 1), random.integer(0, size - 1)])) {
        writeFileSync(join(path, `entry-${index}`), entries[index] ?? Buffer.alloc(0));
        inclusion.push({ index, size, root, path: base64(await inclusionPath(readTile, index, size)) });
      }
      const consistency = [];
      for (const old of new Set([1, size, random.integer(1, size)])) {
        const oldRoot = (await rangeRoot(readTile, 0, old)).toString('base64');
        consistency.push({ old, oldRoot, size, root, path: base64(await consistencyPath(readTile, old, size)) });
      }
      writeFileSync(join(path, 'proofs.json'), JSON.stringify({ inclusion, consistency }));
    },
  };
}

function entryOf(seq: number, seed: number): Buffer {
  const first = {
    ...draft(seq),
    ...{
      v: 1,
      origin,
      seq,
      boot: `boot-${seed}`,
      tMonoMs: seq,
      clock: { source: 'chrony', offsetMs: 0, synced: true },
    },
    tWall: new Date(1_780_000_000_000 + seq).toISOString(),
  };
  const bytes = Buffer.from(canonicalJson(first));
  return seq === 0 ? reworded(bytes, { type: 'audit.started' }) : bytes;
}

function base64(hashes: readonly Buffer[]): readonly string[] {
  return hashes.map((hash) => hash.toString('base64'));
}

async function refuses(
  program: string,
  folder: string,
  files: ReadonlyMap<string, Buffer>,
  vkey: string,
): Promise<boolean> {
  const path = join(folder, 'other-key');
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), bytes);
  }
  return spawnSync(program, [vkey, path], { encoding: 'utf8', timeout: 60_000 }).status !== 0;
}
