import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAnchors } from '../../libs/audit/src/verify/anchors.js';

export interface Received {
  readonly text: string;
  /** Numbers of entries as they came. */
  readonly seqs: readonly number[];
  /** Each number where it came first, in the order in which they came. */
  readonly first: readonly number[];
  readonly highest: number;
  /** What came again was the same entry. */
  readonly isSteady: boolean;
  /** Checkpoints that came, as they were signed. */
  readonly notes: readonly string[];
  /** Number of the newest entry of a type; -1 where there is none. */
  seqOf(type: string): number;
}

/** What the receiver keeps, line by line. */
export function readReceived(file: string): Received {
  // A line that is being written has no end yet.
  const text = existsSync(file) ? readFileSync(file, 'utf8').replace(/[^\n]*$/, '') : '';
  const leaves = new Map<number, string>();
  const types = new Map<string, number>();
  const seqs: number[] = [];
  let isSteady = true;
  for (const line of text.split('\n')) {
    const [, type = '', number, leaf = ''] = / (\S+) \[audit@\d+ seq="(\d+)" leaf="([^"]+)"/.exec(line) ?? [];
    if (number === undefined) continue;
    const seq = Number(number);
    seqs.push(seq);
    types.set(type, seq);
    isSteady &&= (leaves.get(seq) ?? leaf) === leaf;
    leaves.set(seq, leaf);
  }
  const { anchors } = readAnchors(text, file);
  return {
    ...{ text, seqs, isSteady, first: [...leaves.keys()], highest: Math.max(-1, ...leaves.keys()) },
    notes: anchors.flatMap((anchor) => (anchor.kind === 'checkpoint' ? [anchor.note] : [])),
    seqOf: (type) => types.get(type) ?? -1,
  };
}

/** True where the log's own history holds each of these checkpoints: cosignatures may have been added since. */
export function areSigned(notes: readonly string[], log: string): boolean {
  const head = (note: string): string => note.slice(0, note.indexOf('\n\n'));
  const lines = readFileSync(join(log, 'checkpoints.jsonl'), 'utf8').trim().split('\n');
  const signed = new Set(lines.map((line) => head(String(JSON.parse(line)))));
  return notes.length > 0 && notes.every((note) => signed.has(head(note)));
}
