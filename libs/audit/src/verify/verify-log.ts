import type { Anchor } from './anchors.js';
import { createEntryChecks } from './entry-checks.js';
import type { LogFolder } from './log-folder.js';
import {
  checkCosignatureTimes,
  checkLeaves,
  hasCosignature,
  isPartOfLog,
  judgeSignatures,
  openAnchors,
  readHistory,
  witnessesOf,
  type KnownHead,
} from './known-heads.js';
import { openNote, type Head, type TrustedKey } from './note.js';
import { checkTiles } from './tile-checks.js';
import { createTileTree } from './tile-tree.js';
import { createFindings, verdictNames, type FindingList, type Verdict, type VerdictName } from './verdict.js';

export interface VerifyOptions {
  readonly folder: LogFolder;
  /** Keys of logs and witnesses, from somewhere else than the folder. */
  readonly keys: readonly TrustedKey[];
  /** Witnesses that must have signed; all that were given when absent. */
  readonly quorum?: number;
  readonly anchors: readonly Anchor[];
  /** Newest entries that may be without an anchor, because the log is in use. */
  readonly maxUnanchored: number;
}

export interface Report {
  readonly origin: string | undefined;
  readonly size: number;
  readonly root: string | undefined;
  readonly verdicts: Readonly<Record<VerdictName, Verdict>>;
  /** Entries whose fate is known outside of the gateway: [0, anchored). Those from there to `size` could be rewritten by who holds the key. */
  readonly anchored: number;
  readonly unanchored: number;
  readonly isAnchored: boolean;
  readonly firstEntry: number;
  readonly boots: number;
  readonly declaredGaps: number;
  readonly exitCode: number;
}

/** One code for each verdict, in the order in which they are judged; 20 where nothing outside speaks for the log. */
export const exitCodes = {
  integrity: 10,
  consistency: 11,
  completeness: 12,
  time: 13,
  witness: 14,
  unanchored: 20,
} as const;

/** Reads only; the log may be in use. */
export async function verifyLog(options: VerifyOptions): Promise<Report> {
  const { folder } = options;
  const findings = {
    integrity: createFindings(),
    consistency: createFindings(),
    completeness: createFindings(),
    time: createFindings(),
    witness: createFindings(),
  };
  // The history first: the writer adds to it before it replaces the checkpoint.
  const history = readHistory(
    (await folder.read('checkpoints.jsonl'))?.toString('utf8'),
    options.keys,
    findings.integrity,
  );
  const note = (await folder.read('checkpoint'))?.toString('utf8');
  const laterHistory = (await folder.read('checkpoints.jsonl'))?.toString('utf8') ?? '';
  const opened = note === undefined ? undefined : openNote(note, options.keys);
  const strictUnknown = options.keys.some(({ kind }) => kind === 'witness');
  if (note === undefined) findings.integrity.fail('checkpoint-missing', 'The folder has no file "checkpoint"');
  else if (opened === undefined)
    findings.integrity.fail('checkpoint-form', 'The file "checkpoint" is not a signed checkpoint');
  else judgeSignatures(opened, 'checkpoint', findings.integrity, strictUnknown);
  if (note !== undefined && !hasHead(laterHistory, note))
    findings.integrity.fail('history-incomplete', 'The checkpoint is not in "checkpoints.jsonl"');
  for (const { from, opened: old } of history) judgeSignatures(old, from, findings.integrity, strictUnknown);

  const anchored = openAnchors(options.anchors, options.keys, findings.consistency);
  if (opened === undefined) {
    const most = Math.max(0, ...[...anchored, ...history].map((one) => one.opened.head.size));
    if (most > 0)
      findings.completeness.fail(
        'log-gone',
        `A log of at least ${most} entries is known, and no checkpoint is left of it`,
      );
    return reportOf(options, undefined, findings, { anchored: 0, firstEntry: 0, boots: 0, gaps: 0 });
  }

  const { head } = opened;
  const tree = createTileTree(folder, head.size);
  const heads: readonly KnownHead[] = [{ from: 'checkpoint', opened }, ...history, ...anchored];
  const walls = new Map<number, number>();
  const wanted = new Set(heads.filter((one) => hasCosignature(one.opened)).map((one) => one.opened.head.size - 1));
  let checks: ReturnType<typeof createEntryChecks> | undefined;
  const firstEntry = await checkTiles(folder, head.size, findings.integrity, (seq, bytes) => {
    checks ??= createEntryChecks(head.origin, seq);
    checks.add(seq, bytes);
    if (wanted.has(seq)) walls.set(seq, wallOf(bytes));
  });
  const root = await tree.rootAt(head.size);
  if (root?.equals(head.root) !== true)
    findings.integrity.fail('root', `The tiles of ${head.size} entries do not add up to the root of the checkpoint`);

  const sound: KnownHead[] = [];
  for (const known of heads) if (await isPartOfLog(known, head, tree, findings)) sound.push(known);
  await checkLeaves(options.anchors, head, tree, findings);
  checkCosignatureTimes(heads, walls, findings.time);

  const quorum = options.quorum ?? options.keys.filter(({ kind }) => kind === 'witness').length;
  const cosigned = sound.filter(({ opened: one }) => quorum > 0 && witnessesOf(one).size >= quorum);
  const cosignedSize = Math.max(0, ...cosigned.map((one) => one.opened.head.size));
  if (quorum > 0 && head.size - cosignedSize > options.maxUnanchored)
    findings.witness.fail(
      'cosignature-missing',
      `${quorum} witnesses have to sign; they signed ${cosignedSize} of ${head.size} entries`,
    );
  const outside = sound.filter((one) => anchored.includes(one) && one.opened.head.origin === head.origin);
  const size = Math.max(cosignedSize, ...outside.map((one) => one.opened.head.size));
  return reportOf(options, head, findings, {
    anchored: Math.min(size, head.size),
    firstEntry,
    boots: checks?.summary().boots ?? 0,
    gaps: checks?.summary().gaps ?? 0,
    checks,
    witnessed: quorum > 0,
    isKnownOutside: outside.length + cosigned.length > 0,
  });
}

function reportOf(
  options: VerifyOptions,
  head: Head | undefined,
  findings: Readonly<Record<VerdictName, FindingList>>,
  more: {
    readonly anchored: number;
    readonly firstEntry: number;
    readonly boots: number;
    readonly gaps: number;
    readonly checks?: ReturnType<typeof createEntryChecks> | undefined;
    readonly witnessed?: boolean;
    readonly isKnownOutside?: boolean;
  },
): Report {
  const { checks } = more;
  const isRead = head !== undefined;
  const verdicts = {
    integrity: findings.integrity.verdict(),
    consistency: findings.consistency.verdict(isRead && (options.anchors.length > 0 || more.witnessed === true)),
    completeness: joined(findings.completeness.verdict(isRead), checks?.completeness()),
    time: joined(findings.time.verdict(isRead), checks?.time()),
    witness: findings.witness.verdict(more.witnessed === true),
  };
  const size = head?.size ?? 0;
  const unanchored = size - more.anchored;
  // Nothing is left open in a log without entries, and yet it may be all that is left of a long one.
  const isEmptyByItself = size === 0 && more.isKnownOutside !== true;
  const isAnchored = isRead && unanchored <= options.maxUnanchored && !isEmptyByItself;
  const failed = verdictNames.find((name) => verdicts[name].status === 'fail');
  return {
    ...{
      origin: head?.origin,
      size,
      root: head?.root.toString('base64'),
      verdicts,
      anchored: more.anchored,
      unanchored,
    },
    ...{ isAnchored, firstEntry: more.firstEntry, boots: more.boots, declaredGaps: more.gaps },
    exitCode: failed === undefined ? (isAnchored ? 0 : exitCodes.unanchored) : exitCodes[failed],
  };
}

function joined(a: Verdict, b: Verdict | undefined): Verdict {
  if (b === undefined) return a;
  const failed = a.status === 'fail' || b.status === 'fail';
  return { status: failed ? 'fail' : a.status, findings: [...a.findings, ...b.findings], more: a.more + b.more };
}

/** True where a whole line holds the same signed text. */
function hasHead(history: string, note: string): boolean {
  const text = JSON.stringify(note.slice(0, note.indexOf('\n\n') + 2)).slice(0, -1);
  return history
    .slice(0, history.lastIndexOf('\n') + 1)
    .split('\n')
    .some((line) => line.startsWith(text));
}

function wallOf(bytes: Buffer): number {
  const [, wall = ''] = /"tWall":"([^"]+)"/.exec(bytes.toString('utf8')) ?? [];
  return Date.parse(wall);
}
