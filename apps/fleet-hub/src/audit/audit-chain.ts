import { createHash } from 'node:crypto';

/** Who did what to which thing. `at` is UTC with milliseconds. */
export interface AuditFacts {
  readonly at: string;
  /** A hub user, or `site/device: name` for what was done at a device. */
  readonly who: string;
  /** Dotted: `alert.acknowledge`. */
  readonly action: string;
  readonly target: string;
  readonly detail: string;
}

export interface ChainedEntry extends AuditFacts {
  readonly id: number;
  readonly previousHash: string;
  readonly hash: string;
}

/** SHA-256 over the number, the facts and the hash before, as a JSON list, so that no field can run into the next. */
export function entryHash(id: number, facts: AuditFacts, previousHash: string): string {
  const fields = [id, facts.at, facts.who, facts.action, facts.target, facts.detail, previousHash];
  return createHash('sha256').update(JSON.stringify(fields), 'utf8').digest('hex');
}

/** The next entries after `head`, in the order given. */
export function chain(
  head: { readonly id: number; readonly hash: string },
  facts: readonly AuditFacts[],
): readonly ChainedEntry[] {
  let { id, hash } = head;
  return facts.map((each) => {
    const previousHash = hash;
    id += 1;
    hash = entryHash(id, each, previousHash);
    return { ...each, id, previousHash, hash };
  });
}

/** @returns the number of the first entry that does not follow from the one before it, undefined when all do */
export function firstBreak(
  entries: readonly ChainedEntry[],
  before: { readonly id: number; readonly hash: string } | undefined,
): number | undefined {
  let last = before;
  for (const entry of entries) {
    const follows = last === undefined || (entry.id === last.id + 1 && entry.previousHash === last.hash);
    if (!follows || entry.hash !== entryHash(entry.id, entry, entry.previousHash)) return entry.id;
    last = entry;
  }
  return undefined;
}
