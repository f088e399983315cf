import type { ChainedEntry } from './audit-chain.js';

const columns = ['id', 'at', 'who', 'action', 'target', 'detail', 'previousHash', 'hash'] as const;
const rowsAtOnce = 200;

/** The entries as CSV (RFC 4180) or JSON lines, a few hundred rows a chunk. */
export async function* exportAudit(
  entries: AsyncIterable<ChainedEntry>,
  format: 'csv' | 'jsonl',
): AsyncIterable<string> {
  const line = (entry: ChainedEntry): string =>
    format === 'csv' ? `${columns.map((name) => cell(entry[name])).join(',')}\r\n` : `${JSON.stringify(entry)}\n`;
  let rows = format === 'csv' ? [`${columns.join(',')}\r\n`] : [];
  for await (const entry of entries) {
    rows.push(line(entry));
    if (rows.length < rowsAtOnce) continue;
    yield rows.join('');
    rows = [];
  }
  if (rows.length > 0) yield rows.join('');
}

/** A leading sign of a formula gets a quote in front: spreadsheets would compute what a stranger wrote. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
