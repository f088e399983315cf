import { strictBase64 } from './note.js';

/** What somebody outside of the gateway kept of the log. */
export type Anchor =
  | { readonly kind: 'checkpoint'; readonly from: string; readonly note: string }
  | { readonly kind: 'leaf'; readonly from: string; readonly seq: number; readonly leaf: Buffer };

/**
 * Reads a file of anchors: one checkpoint as it was signed, or lines of these forms: a checkpoint as a JSON text, a JSON
 * object with `checkpoint`, or a line of the SIEM (structured data with `seq` and `leaf`; a checkpoint in its JSON).
 * @returns the anchors, and the numbers of lines that hold none
 */
export function readAnchors(
  text: string,
  from: string,
): { readonly anchors: readonly Anchor[]; readonly unread: readonly number[] } {
  if (/^[^\n{"]+\n\d+\n[A-Za-z0-9+/]{43}=\n\n\u2014 /.test(text))
    return { anchors: [{ kind: 'checkpoint', from, note: text }], unread: [] };
  const unread: number[] = [];
  const anchors = text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    const found = anchorsOfLine(line, `${from}:${i + 1}`);
    if (found.length === 0) unread.push(i + 1);
    return found;
  });
  return { anchors, unread };
}

function anchorsOfLine(line: string, from: string): readonly Anchor[] {
  const anchors: Anchor[] = [];
  const [, seq] = /\[audit@\d+ [^\]]*\bseq="(\d{1,15})"/.exec(line) ?? [];
  const [, leaf64] = /\[audit@\d+ [^\]]*\bleaf="([^"]+)"/.exec(line) ?? [];
  const leaf = leaf64 === undefined ? undefined : strictBase64(leaf64);
  if (seq !== undefined && leaf?.length === 32) anchors.push({ kind: 'leaf', from, seq: Number(seq), leaf });
  for (const start of [0, line.indexOf('{')]) {
    const note = start < 0 ? undefined : noteIn(parsed(line.slice(start)));
    if (note === undefined) continue;
    anchors.push({ kind: 'checkpoint', from, note });
    break;
  }
  return anchors;
}

function noteIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  if ('checkpoint' in value && typeof value.checkpoint === 'string') return value.checkpoint;
  return 'unmapped' in value ? noteIn(value.unmapped) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
