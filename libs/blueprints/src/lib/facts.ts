import { z } from 'zod';

/** Where facts of a file can be looked up: a page or a document, and the day of the document, else of the look-up. */
export const sourceSchema = z
  .strictObject({
    title: z.string().min(1),
    url: z.url({ protocol: /^https$/ }).optional(),
    /** A file of this repository. */
    document: z.string().min(1).optional(),
    date: z.iso.date(),
  })
  .refine((source) => (source.url === undefined) !== (source.document === undefined), {
    path: ['url'],
    message: 'give either url or document',
  });
export type Source = z.infer<typeof sourceSchema>;

export const sourceKeySchema = z.string().regex(/^[a-z0-9-]+$/);
export const idSchema = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'use lower-case letters, digits and single hyphens');
export const unknownSchema = z.strictObject({ unknown: z.string().min(10, 'say why it is unknown') });

/** A fact with its source, or the plain statement that it is not known and why. */
export function factSchema<T extends z.ZodType>(value: T) {
  return z.union([
    z.strictObject({
      value,
      source: sourceKeySchema,
      /** Further sources of the same fact. */
      also: z.array(sourceKeySchema).optional(),
      note: z.string().min(1).optional(),
    }),
    unknownSchema,
  ]);
}

export interface KnownFact<T> {
  readonly value: T;
  readonly source: string;
  readonly also?: readonly string[] | undefined;
  readonly note?: string | undefined;
}
export interface UnknownFact {
  readonly unknown: string;
}
export type Fact<T> = KnownFact<T> | UnknownFact;

export function isKnown<T>(fact: Fact<T>): fact is KnownFact<T> {
  return 'value' in fact;
}

/** Names of sources that a file uses without listing them, and that it lists without using them. */
export function sourceFaults(sources: Readonly<Record<string, Source>>, facts: unknown): readonly string[] {
  const used = new Set<string>();
  collectSources(facts, used);
  return [
    ...[...used]
      .filter((key) => !(key in sources))
      .map((key) => `source "${key}" is not listed under sources; add it there`),
    ...Object.keys(sources)
      .filter((key) => !used.has(key))
      .map((key) => `sources.${key} is used by no fact; remove it`),
  ];
}

const sourceKeys = ['source', 'also', 'operationsSource'];

function collectSources(part: unknown, used: Set<string>): void {
  if (Array.isArray(part)) for (const each of part) collectSources(each, used);
  else if (typeof part === 'object' && part !== null) {
    for (const [key, value] of Object.entries(part)) {
      const names = sourceKeys.includes(key) ? [value].flat().filter((each) => typeof each === 'string') : [];
      for (const name of names) used.add(name);
      collectSources(value, used);
    }
  }
}
