import { UsageError } from '@edge-blueprints/contracts';

/**
 * JSON with one spelling: no spaces, keys sorted by UTF-16 code units, numbers and strings as ECMAScript writes them.
 * Members whose value is undefined are left out. @see RFC 8785
 * @throws UsageError `audit.canonical` for what JSON cannot carry (no finite number, half a surrogate pair, a function)
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new UsageError('audit.canonical', `${value} has no form in JSON`);
    return JSON.stringify(value);
  }
  if (typeof value === 'string') {
    if (hasHalfPair(value)) throw new UsageError('audit.canonical', 'A text holds half of a surrogate pair');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${canonicalJson(name)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  throw new UsageError('audit.canonical', `A ${typeof value} has no form in JSON`);
}

function hasHalfPair(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}
