import { isKnown, type Fact, type Source } from '../facts.js';

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map(() => '---').join('|')}|`,
  ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
];

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A link for a page that stands `depth` folders below the root. */
export function sourceLink({ title, url, document, date }: Source, depth: number): string {
  const text = title.replaceAll('[', '(').replaceAll(']', ')');
  return `[${text}](${url ?? `${'../'.repeat(depth)}${document ?? ''}`}), ${date}`;
}

/** A file of this repository as a link from a page `depth` folders below the root. */
export const fileLink = (path: string, depth: number): string => `[${path}](${'../'.repeat(depth)}${path})`;

/** The value in words, or why there is none. */
export function factText<T>(fact: Fact<T>, say: (value: T) => string): string {
  return isKnown(fact) ? say(fact.value) : `unknown: ${fact.unknown}`;
}

/** The same for a cell of a matrix. */
export const factCell = <T>(fact: Fact<T>, say: (value: T) => string): string =>
  isKnown(fact) ? say(fact.value) : 'unknown';

/** At most `digits` significant digits, without an exponent. */
export const significant = (value: number, digits: number): string => String(Number(value.toPrecision(digits)));

export const percent = (share: number, digits: number): string => `${significant(share * 100, digits)} %`;
