/** Text of a field that somebody has to write: its place in a skeleton says what belongs there. */
export const open = (what: string): string => `${openMark}${what}`;

const openMark = 'Open: ';

/** Where a file of data says that something is unknown or open, as in `power.unknown` or `scenario.problem`. */
export function openFields(json: unknown, at = ''): readonly string[] {
  if (typeof json === 'string') return json.startsWith(openMark) ? [at] : [];
  if (typeof json !== 'object' || json === null) return [];
  if ('unknown' in json) return [at];
  return Object.entries(json).flatMap(([key, value]) => openFields(value, at === '' ? key : `${at}.${key}`));
}
