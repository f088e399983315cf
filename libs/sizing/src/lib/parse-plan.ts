import { ConfigError } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { assumptionTable } from './assumption-table.js';
import { planInputSchema, type PlanInput } from './plan-input.js';
import { sourcedSchema } from './sourced.js';

/** Names that a plan may use, and the sentence for one that it may not. */
export interface PlanVocabulary {
  readonly blueprints: readonly string[];
  readonly targets: readonly string[];
  /** `there is no target "x"; did you mean "y"? Known are ...` */
  readonly unknownName: (kind: string, wanted: string, known: readonly string[]) => string;
}

/**
 * A plan that can be worked out.
 * @param source name of the file, for the message
 * @throws ConfigError `plan.invalid` with every problem at once: those of single fields and those between fields
 */
export function parsePlan(input: unknown, source: string, vocabulary: PlanVocabulary): PlanInput {
  const parsed = planInputSchema.safeParse(input);
  const problems = [
    ...(parsed.success ? [] : parsed.error.issues.map(issueLine)),
    ...crossProblems(outlineSchema.parse(input), vocabulary),
  ];
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new ConfigError('plan.invalid', `${problems.length} problem(s) in ${source}\n${problems.join('\n')}`, {
    context: { source, problems },
  });
}

const issueLine = ({ path, message }: z.core.$ZodIssue): string =>
  `${path.map(String).join('.') || 'plan'}: ${message}`;

const list = <T extends z.ZodType>(item: T) => z.array(item).catch([]);
const text = z.string().optional().catch(undefined);
const nothing = {};

/** What the checks between fields need, of a file that may be wrong everywhere else. */
const outlineSchema = z
  .looseObject({
    date: text,
    blueprint: text,
    choice: text,
    countries: list(z.looseObject({ id: text }).catch(nothing)),
    sites: list(z.looseObject({ id: text, country: text }).catch(nothing)),
    options: list(z.looseObject({ target: text }).catch(nothing)),
    assumptions: z.record(z.string(), z.unknown()).catch(nothing),
  })
  .catch({
    date: undefined,
    blueprint: undefined,
    choice: undefined,
    countries: [],
    sites: [],
    options: [],
    assumptions: {},
  });
type Outline = z.infer<typeof outlineSchema>;

function crossProblems(plan: Outline, { blueprints, targets, unknownName }: PlanVocabulary): readonly string[] {
  const problems: string[] = [];
  const mustBe = (field: string, kind: string, wanted: string | undefined, known: readonly string[]): void => {
    if (wanted !== undefined && !known.includes(wanted)) problems.push(`${field}: ${unknownName(kind, wanted, known)}`);
  };
  const countries = plan.countries.flatMap(({ id }) => id ?? []);
  const options = plan.options.flatMap(({ target }) => target ?? []);
  mustBe('blueprint', 'blueprint', plan.blueprint, blueprints);
  for (const [i, { country }] of plan.sites.entries()) mustBe(`sites.${i}.country`, 'country', country, countries);
  for (const [i, { target }] of plan.options.entries()) mustBe(`options.${i}.target`, 'target', target, targets);
  mustBe('choice', 'option', plan.choice, options);
  const keys = assumptionTable.map(({ key }) => key);
  for (const key of Object.keys(plan.assumptions)) mustBe(`assumptions.${key}`, 'assumption', key, keys);
  problems.push(...assumptionProblems(plan.assumptions));
  for (const [field, ids] of [
    ['countries', countries],
    ['sites', plan.sites.flatMap(({ id }) => id ?? [])],
    ['options', options],
  ] as const)
    for (const id of new Set(ids.filter((each, i) => ids.indexOf(each) !== i)))
      problems.push(`${field}: "${id}" stands more than once; give each a name of its own`);
  for (const { path, date } of datesOf(plan, []))
    if (plan.date !== undefined && date > plan.date)
      problems.push(`${path}: ${date} is after the day of the plan (${plan.date}); correct one of them`);
  return problems;
}

/** Values that no formula can take: a share beyond the whole, nothing where something is divided by it. */
function assumptionProblems(given: Outline['assumptions']): readonly string[] {
  return assumptionTable.flatMap(({ key, unit, low }) => {
    const parsed = sourcedSchema.safeParse(given[key]);
    if (!parsed.success) return [];
    const { value, low: from = value, high: until = value } = parsed.data;
    const most = key === 'capacity.headroom' ? 0.95 : 1;
    return [
      ...(low > 0 && from <= 0 ? [`assumptions.${key}: must be above 0`] : []),
      ...(unit === 'share' && until > most ? [`assumptions.${key}: is a share; must be at most ${most}`] : []),
      ...(key === 'thermal.throttle' && from <= 50 ? [`assumptions.${key}: must be above 50 °C`] : []),
      ...(key === 'thermal.rated' && until > 50 ? [`assumptions.${key}: must be at most 50 °C`] : []),
    ];
  });
}

/** Days of sources: a number cannot be from the future. */
function datesOf(part: unknown, path: readonly string[]): readonly { readonly path: string; readonly date: string }[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) => {
    const here = [...path, key];
    const sourced = key === 'date' && 'kind' in part && typeof value === 'string';
    return sourced ? [{ path: here.join('.'), date: value }] : datesOf(value, here);
  });
}
