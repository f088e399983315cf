// A log of 10,000 entries against whoever has its disk, and against whoever has its key as well: bits turned over, entries deleted,
// inserted, exchanged, doubled, reworded, ends cut off, files and the whole log removed or replaced, two histories of one size.
// EDGE_AUDIT_TAMPER=full turns over bits of every hash and entry and spoils every file (hours); otherwise one of 1,500 of them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson } from '../libs/audit/src/lib/log/canonical-json.js';
import { signerOf } from '../libs/audit/src/lib/log/log-signer.js';
import { leafHash } from '../libs/audit/src/lib/log/merkle-tree.js';
import { consistencyPath } from '../libs/audit/src/lib/log/tree-proofs.js';
import { openWitness } from '../libs/audit/src/lib/witness/open-witness.js';
import { memoryFolder } from '../libs/audit/src/testing/memory-folder.js';
import { anchorOf, entriesOf, flipped, forge, judge, logKey } from '../libs/audit/src/testing/tamper-bench.js';
import { logSigner, makeLog, origin } from '../libs/audit/src/testing/trail-bench.js';
import type { Anchor } from '../libs/audit/src/verify/anchors.js';
import { split } from '../libs/audit/src/verify/tile-tree.js';
import { editsOf, flipPlan, rewritten, underOldHeads } from './audit/tamper-attacks.js';
import { suite } from './check.js';

const isFull = process.env['EDGE_AUDIT_TAMPER'] === 'full';
const mallory = signerOf(origin, 1, Buffer.alloc(32, 66));

await suite('audit-tamper', async (check) => {
  const files = await makeLog([1, 254, 1, 256, 4_000, 5_486]);
  const entries = entriesOf(files);
  const edits = editsOf(entries, isFull);
  const lines = String(files.get('checkpoints.jsonl')).trim().split('\n');
  const anchors = lines.map((line): Extract<Anchor, { kind: 'checkpoint' }> & { readonly size: number } => {
    const note = String(JSON.parse(line));
    const size = Number(note.split('\n')[1]);
    return { kind: 'checkpoint', from: `anchor-${size}`, note, size };
  });
  const leaves = [10, 256, 5_000, 9_999].map((seq): Extract<Anchor, { kind: 'leaf' }> => ({
    ...{ kind: 'leaf', from: `leaf-${seq}`, seq, leaf: leafHash(entries[seq] ?? Buffer.alloc(0)) },
  }));
  const honest = await judge(files, { anchors: [...anchors, ...leaves], maxUnanchored: 0 });
  check(`untouched, ${entries.length} entries pass`, honest.exitCode === 0 && entries.length === 10_000);

  const wrong: string[] = [];
  const expectThat = (holds: boolean, what: string): void => void (holds || wrong.push(what));
  const tell = (what: string): void => check(what, wrong.length === 0, wrong.splice(0).slice(0, 5).join(' | '));

  const flips = flipPlan(files, isFull ? 1 : 1_500);
  for (const { path, at, mask } of flips)
    expectThat((await judge(flipped(files, path, at, mask))).exitCode !== 0, `${path} byte ${at}`);
  tell(
    `without the key: all of ${flips.length} bits in ${new Set(flips.map(({ path }) => path)).size} files are found`,
  );

  // A narrower file is not needed any more once a wider one is there.
  const needed = [...files.keys()].filter((path) => {
    const [, tile, width] = /^(.+)\.p\/(\d+)$/.exec(path) ?? [];
    if (tile === undefined || width === undefined) return true;
    return ![...files.keys()].some((other) => other === tile || Number(other.split(`${tile}.p/`)[1]) > Number(width));
  });
  const spoilt = needed.filter((_, i) => isFull || i % 16 === 0);
  for (const path of spoilt) {
    const bytes = files.get(path) ?? Buffer.alloc(0);
    const gone = new Map(files);
    gone.delete(path);
    for (const [what, changed] of [
      ['removed', gone],
      ['cut', new Map(files).set(path, bytes.subarray(0, -1))],
      ['doubled', new Map(files).set(path, Buffer.concat([bytes, bytes]))],
    ] as const)
      expectThat((await judge(changed)).exitCode !== 0, `${path} ${what}`);
  }
  expectThat((await judge(new Map())).exitCode === 10, 'the whole log removed');
  expectThat((await judge(new Map(), { anchors })).verdicts.completeness.status === 'fail', 'removed, with anchors');
  tell(`without the key: ${spoilt.length} files removed, cut and doubled, and the whole log removed`);

  for (const edit of edits)
    expectThat((await judge(await underOldHeads(edit, mallory, files))).exitCode === 10, edit.name);
  for (const edit of edits.filter((_, i) => isFull || i % 10 === 0))
    expectThat((await judge(await rewritten(edit, mallory))).exitCode === 10, `${edit.name}, signed by another key`);
  tell(`without the key: ${edits.length} changes of entries, hashes made again`);

  for (const { size, note, from } of anchors.slice(0, -1)) {
    const cut = new Map(await forge(entries.slice(0, size), logSigner)).set('checkpoint', Buffer.from(note));
    const history = lines.slice(0, lines.findIndex((line) => JSON.parse(line) === note) + 1);
    cut.set('checkpoints.jsonl', Buffer.from(`${history.join('\n')}\n`));
    const alone = await judge(cut, { maxUnanchored: 0 });
    const known = await judge(cut, { anchors: anchors.filter((one) => one.size > size).slice(0, 1) });
    expectThat(alone.exitCode === 20, `cut back to ${from}, nobody asked: ${alone.exitCode}`);
    expectThat(known.exitCode === 12, `cut back to ${from}, the next one known: ${known.exitCode}`);
  }
  tell(
    `without the key: cut back to ${anchors.length - 1} true older states; alone never a pass, by one newer anchor found`,
  );

  let [unanchored, tails] = [0, 0];
  for (const edit of edits) {
    const forged = await rewritten(edit, logSigner);
    const report = await judge(forged, { anchors: [...anchors, ...leaves], maxUnanchored: 0 });
    const failures = [...report.verdicts.consistency.findings, ...report.verdicts.completeness.findings].filter(
      ({ level }) => level === 'fail',
    );
    const isTold = (from: string): boolean => failures.some(({ text }) => new RegExp(`^${from}[: ]`).test(text));
    for (const { from, size } of anchors)
      expectThat(isTold(from) === size > edit.from, `${edit.name}: ${from} ${isTold(from) ? 'objects' : 'is silent'}`);
    for (const { from, seq, leaf } of leaves) {
      const now = edit.entries[seq];
      const differs = now === undefined || !leafHash(now).equals(leaf);
      expectThat(isTold(from) === differs, `${edit.name}: ${from} ${isTold(from) ? 'objects' : 'is silent'}`);
    }
    const older = anchors.filter(({ size }) => size <= edit.from);
    const { exitCode } = await judge(forged, { anchors: older, maxUnanchored: 0 });
    if (exitCode === 20) unanchored += 1;
    // What is left is a true beginning that ends where an anchor ends: nobody outside ever heard of the rest.
    const isUnknownTail = edit.entries.length === edit.from && older.at(-1)?.size === edit.from;
    if (isUnknownTail) tails += 1;
    expectThat((exitCode === 0) === isUnknownTail, `${edit.name}: ${exitCode} by its older anchors`);
  }
  tell(
    `with the key: of ${edits.length} changes each is found by exactly the ${anchors.length} checkpoints and ${leaves.length} leaves that are newer; by older ones ${unanchored} are told as unanchored, and ${tails} ends that no anchor knew are not missed`,
  );

  const folder = mkdtempSync(join(tmpdir(), 'tamper-'));
  try {
    const witness = await openWitness({ folder, name: 'witness.example/w1', logKeys: [logKey], epochMs: () => 1.8e12 });
    const first = String(files.get('checkpoint'));
    expectThat((await witness.addCheckpoint(`old 0\n\n${first}`)).status === 200, 'the witness takes the true log');
    const rewords = edits.filter((edit) => edit.entries.length === entries.length && edit.from < entries.length);
    for (const edit of rewords) {
      const other = await rewritten(edit, logSigner);
      const report = await judge(files, { anchors: [anchorOf(other, 'hospital')] });
      expectThat(report.exitCode === 11, `${edit.name}: ${report.exitCode}`);
      expectThat(report.verdicts.consistency.findings[0]?.code === 'split-view', `${edit.name} is no split view`);
      const answer = await witness.addCheckpoint(`old 10000\n\n${String(other.get('checkpoint'))}`);
      expectThat(answer.status === 409, `${edit.name}: the witness answers ${answer.status}`);
    }
    tell(`split view: of ${rewords.length} second histories of one size, verifier and witness flag each`);

    const added = Buffer.from(canonicalJson({ ...JSON.parse(String(entries.at(-1))), seq: 10_000 }));
    for (const edit of rewords) {
      const longer = await forge([...edit.entries, added], logSigner);
      const proof = await consistencyPath(readTileOf(longer), 10_000, 10_001);
      const path = proof.map((hash) => `${hash.toString('base64')}\n`).join('');
      const answer = await witness.addCheckpoint(`old 10000\n${path}\n${String(longer.get('checkpoint'))}`);
      expectThat(answer.status === 422, `${edit.name} and grown: the witness answers ${answer.status}`);
    }
    tell(`with the key: the witness cosigns none of them after it has grown by an entry`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function readTileOf(files: ReadonlyMap<string, Buffer>) {
  const folder = memoryFolder(files);
  return async (level: number, index: number, width: number): Promise<readonly Buffer[]> => {
    let bytes: Buffer | undefined;
    for (let wide = width; bytes === undefined && wide <= 256; wide += 1)
      bytes = await folder.readTile({ level, index, width: wide });
    if (bytes === undefined) throw new RangeError(`tile ${level}/${index} of width ${width} is not there`);
    return split(bytes);
  };
}
