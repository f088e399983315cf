import { z } from 'zod';
import { idSchema, sourceKeySchema } from './facts.js';

const words = z.string().min(1);

/** The command that measures a KPI; the reader checks that it is there. */
export const commandSchema = z
  .strictObject({
    /** npm: a script of package.json. file: run by tools/run.mjs. nx: project:target. python: a module of models/. */
    by: z.enum(['npm', 'file', 'nx']),
    name: words,
    arguments: z.array(words).default([]),
  })
  .readonly();
export type Command = z.infer<typeof commandSchema>;

/** What was found, by whom and on which machine. Pass or fail is worked out, never written down. */
const resultSchema = z.discriminatedUnion('kind', [
  /** A number in a report of this repository, by JSON pointer. */
  z.strictObject({
    kind: z.literal('report'),
    file: words,
    pointer: z.string().regex(/^(\/[^/]+)+$/, 'is no JSON pointer'),
    samples: z.int().positive(),
    on: words,
  }),
  /** A number that a run of the command printed. */
  z.strictObject({
    kind: z.literal('printed'),
    value: z.number(),
    samples: z.int().positive(),
    date: z.iso.date(),
    on: words,
  }),
  z.strictObject({ kind: z.literal('none'), why: words }),
]);

export const kpiSchema = z.strictObject({
  id: idSchema,
  title: words,
  unit: words,
  comparison: z.enum(['at-least', 'at-most']),
  limit: z.number(),
  /** Where the limit comes from. */
  reason: words,
  source: sourceKeySchema,
  severity: z.enum(['must', 'should']),
  command: commandSchema,
  result: resultSchema,
});
export type Kpi = z.infer<typeof kpiSchema>;

export const verdicts = ['passed', 'missed', 'not measured'] as const;
export type KpiVerdict = (typeof verdicts)[number];

/** @param value what the result says; undefined where there is none */
export function kpiVerdict(
  { comparison, limit }: Pick<Kpi, 'comparison' | 'limit'>,
  value: number | undefined,
): KpiVerdict {
  if (value === undefined) return 'not measured';
  return (comparison === 'at-least' ? value >= limit : value <= limit) ? 'passed' : 'missed';
}

/** As one types it in a shell. */
export function commandLine({ by, name, arguments: rest }: Command): string {
  if (by === 'nx') return ['npx nx run', name, ...rest].join(' ');
  if (by === 'file') return ['node tools/run.mjs', name, ...rest].join(' ');
  const script = name === 'start' || name === 'test' ? `npm ${name}` : `npm run ${name}`;
  return rest.length === 0 ? script : [script, '--', ...rest].join(' ');
}
