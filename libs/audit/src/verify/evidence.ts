import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readEntry } from './entry-checks.js';
import { hashOfLeaf, rootByInclusion } from './hashing.js';
import { openNote, strictBase64, type TrustedKey } from './note.js';

/** One entry with its proof: what an exported folder holds. */
export interface Evidence {
  /** Canonical bytes of the entry. */
  readonly entry: Buffer;
  /** @see C2SP tlog-proof */
  readonly proof: string;
}

export interface EvidenceReport {
  readonly holds: boolean;
  readonly origin: string | undefined;
  readonly seq: number | undefined;
  readonly size: number | undefined;
  readonly witnesses: readonly { readonly name: string; readonly at: string }[];
  readonly problems: readonly string[];
}

/** `entry.json` and `entry.tlog-proof` of a folder. */
export async function readEvidence(folder: string): Promise<Evidence> {
  return {
    entry: await readFile(join(folder, 'entry.json')),
    proof: await readFile(join(folder, 'entry.tlog-proof'), 'utf8'),
  };
}

/** Does this entry lie at this place in a log that a given key signed? Needs nothing but the keys. */
export function checkEvidence({ entry, proof }: Evidence, keys: readonly TrustedKey[], quorum = 0): EvidenceReport {
  const problems: string[] = [];
  const split = proof.indexOf('\n\n');
  const [title, indexLine = '', ...hashes] = proof.slice(0, Math.max(0, split)).split('\n');
  const [, index] = /^index (0|[1-9]\d{0,14})$/.exec(indexLine) ?? [];
  const path = hashes.map((hash) => strictBase64(hash)).flatMap((hash) => (hash?.length === 32 ? [hash] : []));
  const opened = openNote(proof.slice(split + 2), keys);
  if (
    title !== 'c2sp.org/tlog-proof@v1' ||
    index === undefined ||
    path.length !== hashes.length ||
    opened === undefined
  )
    return {
      holds: false,
      origin: undefined,
      seq: undefined,
      size: undefined,
      witnesses: [],
      problems: ['entry.tlog-proof is not a proof'],
    };
  const { head, signedBy, broken } = opened;
  const seq = Number(index);
  if (!signedBy.some(({ key }) => key.kind === 'log' && key.name === head.origin))
    problems.push(`The checkpoint is not signed by a given key of ${head.origin}`);
  for (const name of broken) problems.push(`The signature of ${name} does not hold`);
  const root = rootByInclusion(hashOfLeaf(entry), seq, head.size, path);
  if (root?.equals(head.root) !== true)
    problems.push(`The entry does not lie at number ${seq} of the log of ${head.size} entries`);
  const said = readEntry(entry);
  if (said === undefined) problems.push('entry.json is not an entry in canonical JSON');
  else if (said.seq !== seq || said.origin !== head.origin)
    problems.push(`The entry says that it is number ${said.seq} of ${said.origin}`);
  const witnesses = signedBy.flatMap(({ key, atS }) =>
    atS === undefined ? [] : [{ name: key.name, at: new Date(atS * 1_000).toISOString() }],
  );
  if (witnesses.length < quorum) problems.push(`${quorum} witnesses have to sign; ${witnesses.length} did`);
  return { holds: problems.length === 0, origin: head.origin, seq, size: head.size, witnesses, problems };
}

/** The text form of a proof. @see C2SP tlog-proof */
export function proofText(seq: number, path: readonly Uint8Array[], note: string): string {
  const hashes = path.map((hash) => `${Buffer.from(hash).toString('base64')}\n`);
  return `c2sp.org/tlog-proof@v1\nindex ${seq}\n${hashes.join('')}\n${note}`;
}
