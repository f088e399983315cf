import type { z } from 'zod';
import { nearestName } from './nearest-name.js';

/** One thing to put right in a file of data. */
export interface Problem {
  readonly file: string;
  /** As in `kpis.0.limit`; empty for the file itself. */
  readonly field: string;
  readonly message: string;
}

export const problemLine = ({ file, field, message }: Problem): string =>
  field === '' ? `${file}: ${message}` : `${file}: ${field}: ${message}`;

/** Every issue of a schema with what to do about it. */
export function problemsOf(error: z.ZodError, file: string, input: unknown): readonly Problem[] {
  return flatten(error.issues, []).map(({ path, issue }) => {
    const remedy = remedyOf(issue, valueAt(input, path));
    const message = remedy === undefined ? issue.message : `${issue.message}; ${remedy}`;
    return { file, field: path.map(String).join('.'), message };
  });
}

interface Found {
  readonly path: readonly PropertyKey[];
  readonly issue: z.core.$ZodIssue;
}

/** A union that nothing fits tells what its nearest branch misses: the one with the fewest issues. */
function flatten(issues: readonly z.core.$ZodIssue[], above: readonly PropertyKey[]): readonly Found[] {
  return issues.flatMap((issue): readonly Found[] => {
    const path = [...above, ...issue.path];
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ path, issue }];
    const [nearest = []] = [...issue.errors].sort((a, b) => weight(a) - weight(b));
    return flatten(nearest, path);
  });
}

/** A wrong key says that another branch was meant. */
const weight = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? 10 : 1), 0);

/** undefined for our own rules, whose message says it. */
function remedyOf(issue: z.core.$ZodIssue, found: unknown): string | undefined {
  switch (issue.code) {
    case 'custom':
      return undefined;
    case 'unrecognized_keys':
      return 'remove it or correct its spelling';
    case 'invalid_type':
      return found === undefined ? 'add it' : `make it of the kind ${issue.expected}`;
    case 'invalid_value': {
      const known = issue.values.map(String);
      const near = typeof found === 'string' ? nearestName(found, known) : undefined;
      return near === undefined ? `take one of ${known.join(', ')}` : `"${near}" was probably meant`;
    }
    default:
      return 'correct it';
  }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((part, key) => {
    if (typeof part !== 'object' || part === null) return undefined;
    return Object.entries(part).find(([name]) => name === String(key))?.[1];
  }, input);
}
