import type { Anchor } from './anchors.js';
import { openNote, type Head, type OpenedNote, type TrustedKey } from './note.js';
import type { TileTree } from './tile-tree.js';
import type { FindingList } from './verdict.js';

/** A head of the log that somebody keeps, and where it was found. */
export interface KnownHead {
  readonly from: string;
  readonly opened: OpenedNote;
}

type Findings = Readonly<Record<'consistency' | 'completeness', FindingList>>;

/** A cosigner's clock may be behind by this. */
const toleranceMs = 2_000;

export function readHistory(
  text: string | undefined,
  keys: readonly TrustedKey[],
  findings: FindingList,
): readonly KnownHead[] {
  if (text === undefined) {
    findings.fail('history-missing', 'The folder has no file "checkpoints.jsonl"');
    return [];
  }
  const lines = text.split('\n');
  // A writer at work may be in the middle of its last line; that is no entry of the history yet.
  if (lines.pop() !== '')
    findings.note('history-tail', 'The last line of "checkpoints.jsonl" has no end; it is not judged');
  let lastSize = 0;
  const [heads, seen] = [new Set<string>(), new Set<string>()];
  return lines.flatMap((line, i) => {
    const from = `checkpoints.jsonl:${i + 1}`;
    const opened = openNote(noteOfLine(line) ?? '', keys);
    if (opened === undefined) {
      findings.fail('history-form', `${from} is not a signed checkpoint`);
      return [];
    }
    const { size, root } = opened.head;
    const head = `${size} ${root.toString('base64')}`;
    // A witness may answer after the next checkpoint was signed: the older head comes again, with its signature.
    const isCosigned = heads.has(head) && !seen.has(line);
    if (size < lastSize && !isCosigned) findings.fail('history-order', `${from} is smaller than the one before it`);
    lastSize = Math.max(lastSize, size);
    heads.add(head);
    seen.add(line);
    return [{ from, opened }];
  });
}

/** A JSON text in its one spelling. */
function noteOfLine(line: string): string | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'string' && JSON.stringify(value) === line ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function judgeSignatures(opened: OpenedNote, from: string, findings: FindingList, strictUnknown: boolean): void {
  for (const name of opened.broken) findings.fail('signature', `${from}: the signature of ${name} does not hold`);
  if (!isSignedByLog(opened))
    findings.fail('unsigned', `${from} is not signed by a given key of ${opened.head.origin}`);
  for (const name of opened.unknown) {
    const text = `${from} has a signature line of ${name}, whose key was not given`;
    if (strictUnknown) findings.fail('unknown-signer', text);
    else findings.note('unknown-signer', text);
  }
}

function isSignedByLog({ head, signedBy }: OpenedNote): boolean {
  return signedBy.some(({ key }) => key.kind === 'log' && key.name === head.origin);
}

export function openAnchors(
  anchors: readonly Anchor[],
  keys: readonly TrustedKey[],
  findings: FindingList,
): readonly KnownHead[] {
  return anchors.flatMap((anchor) => {
    if (anchor.kind !== 'checkpoint') return [];
    const opened = openNote(anchor.note, keys);
    if (opened !== undefined && isSignedByLog(opened) && opened.broken.length === 0)
      return [{ from: anchor.from, opened }];
    findings.fail('anchor-signature', `${anchor.from} is no checkpoint that a given key of its log signed`);
    return [];
  });
}

/** True where the log continues that head. */
export async function isPartOfLog(
  { from, opened }: KnownHead,
  newest: Head,
  tree: TileTree,
  findings: Findings,
): Promise<boolean> {
  const { head } = opened;
  // A head without a good signature says nothing about the log; its own finding was made.
  if (!isSignedByLog(opened) || opened.broken.length > 0) return false;
  if (head.origin !== newest.origin) {
    findings.consistency.fail('other-log', `${from} belongs to ${head.origin}, not to ${newest.origin}`);
    return false;
  }
  if (head.size > newest.size) {
    findings.completeness.fail(
      'tail-missing',
      `${from} knows ${head.size} entries; the log has only ${newest.size}: entries ${newest.size} to ${head.size - 1} are gone`,
    );
    return false;
  }
  const root = head.size === newest.size ? newest.root : await tree.rootAt(head.size);
  if (root === undefined) {
    findings.consistency.note(
      'not-comparable',
      `${from}: tiles for its size of ${head.size} entries are not there any more`,
    );
    return false;
  }
  if (root.equals(head.root)) return true;
  if (head.size === newest.size)
    findings.consistency.fail(
      'split-view',
      `${from} and the checkpoint are both signed for ${head.size} entries and have different roots: the log shows two histories`,
    );
  else
    findings.consistency.fail(
      'rewritten',
      `${from}: the first ${head.size} entries of the log are not those that were signed then`,
    );
  return false;
}

export async function checkLeaves(
  anchors: readonly Anchor[],
  newest: Head,
  tree: TileTree,
  findings: Findings,
): Promise<void> {
  for (const anchor of anchors) {
    if (anchor.kind !== 'leaf') continue;
    if (anchor.seq >= newest.size) {
      findings.completeness.fail(
        'tail-missing',
        `${anchor.from} knows entry ${anchor.seq}; the log has only ${newest.size} entries`,
      );
      continue;
    }
    const leaf = await tree.leaf(anchor.seq);
    if (leaf !== undefined && !leaf.equals(anchor.leaf))
      findings.consistency.fail('rewritten', `${anchor.from}: entry ${anchor.seq} is not the one that was sent then`);
  }
}

export function hasCosignature({ signedBy }: OpenedNote): boolean {
  return signedBy.some(({ atS }) => atS !== undefined);
}

export function witnessesOf({ signedBy }: OpenedNote): ReadonlySet<string> {
  return new Set(signedBy.flatMap(({ key }) => (key.kind === 'witness' ? [key.name] : [])));
}

/** An entry cannot be younger than a signature over it. */
export function checkCosignatureTimes(
  heads: readonly KnownHead[],
  walls: ReadonlyMap<number, number>,
  findings: FindingList,
): void {
  for (const { from, opened } of heads)
    for (const { key, atS } of opened.signedBy) {
      const wallMs = walls.get(opened.head.size - 1);
      if (atS !== undefined && wallMs !== undefined && wallMs > (atS + 1) * 1_000 + toleranceMs)
        findings.fail(
          'later-than-witness',
          `${from}: ${key.name} signed at ${new Date(atS * 1_000).toISOString()}, before the time of entry ${opened.head.size - 1}`,
        );
    }
}
