import { z } from 'zod';
import { architectureSchema } from './architecture.js';
import { idSchema, sourceFaults, sourceKeySchema, sourceSchema } from './facts.js';
import { commandSchema, kpiSchema } from './kpi.js';

const words = z.string().min(1);
/** Files of this repository that show it; the reader checks that they are there. */
const evidenceSchema = z.array(words);
const readiness = z.enum(['ready', 'partly', 'planned']);

const scenarioSchema = z.strictObject({
  problem: words,
  people: z.array(z.strictObject({ who: words, wants: words })).min(1),
  outcome: words,
  whyEdge: z.array(words).min(1),
  notFor: z.array(words).min(1),
});

const appSchema = z.strictObject({
  /** Name of the package under apps/. */
  package: words,
  role: words,
  entry: words,
  exampleConfig: words,
  demo: commandSchema,
});

const modelSchema = z.strictObject({
  /** Folder under models/bundles. */
  bundle: idSchema,
  use: words,
  /** processor: small enough for the station's own process on every target. */
  runsOn: z.enum(['accelerator', 'processor']),
  required: z.boolean(),
  limits: words,
});

const integrationSchema = z.strictObject({
  id: idSchema,
  with: words,
  protocol: words,
  /** Folder of this repository that speaks it. */
  code: words,
  required: z.boolean(),
  readiness,
  evidence: evidenceSchema.min(1),
});

const patternSchema = z
  .strictObject({ pattern: z.enum(['on-device', 'fog', 'hybrid']), readiness, how: words, evidence: evidenceSchema })
  .refine((p) => p.readiness === 'planned' || p.evidence.length > 0, {
    path: ['evidence'],
    message: 'names at least one file unless the pattern is planned',
  });

const sizingSchema = z
  .strictObject({
    id: idSchema,
    title: words,
    unit: words,
    default: z.number(),
    min: z.number(),
    max: z.number(),
    /** Why this default. */
    reason: words,
    source: sourceKeySchema.optional(),
  })
  .refine((s) => s.min <= s.default && s.default <= s.max, {
    path: ['default'],
    message: 'must lie between min and max',
  });

const securitySchema = z
  .strictObject({
    id: idSchema,
    requirement: words,
    /** built: in this repository. site: whoever runs it must do it. open: nobody does it yet. */
    state: z.enum(['built', 'site', 'open']),
    note: words,
    evidence: evidenceSchema,
  })
  .refine((s) => s.state !== 'built' || s.evidence.length > 0, {
    path: ['evidence'],
    message: 'names at least one file where the state is built',
  });

const regulationSchema = z.strictObject({
  rule: words,
  applies: words,
  gives: z.array(words),
  site: z.array(words).min(1),
  source: sourceKeySchema,
});

const costSchema = z.strictObject({
  item: words,
  /** What makes it grow. */
  drivenBy: words,
  /** Where the site's own figure comes from. */
  ask: words,
});

const firstWeekSchema = z.strictObject({ day: words, step: words, doneWhen: words });

const claimSchema = z
  .strictObject({ claim: words, readiness, evidence: evidenceSchema, note: words })
  .refine((c) => c.readiness === 'planned' || c.evidence.length > 0, {
    path: ['evidence'],
    message: 'names at least one file unless the claim is planned',
  });

/** `blueprints/ID/blueprint.json`: one industry's answer, as data that pages, planner and generators read. */
export const blueprintSchema = z
  .strictObject({
    format: z.literal('edge-blueprint/1'),
    id: idSchema,
    title: words,
    industry: words,
    summary: words,
    sources: z.record(sourceKeySchema, sourceSchema),
    scenario: scenarioSchema,
    app: appSchema,
    architecture: architectureSchema,
    models: z.array(modelSchema).min(1),
    integrations: z.array(integrationSchema).min(1),
    patterns: z.array(patternSchema).min(1),
    kpis: z.array(kpiSchema).min(1),
    sizing: z.array(sizingSchema).min(1),
    security: z.array(securitySchema).min(1),
    regulation: z.array(regulationSchema),
    claims: z.array(claimSchema).min(1),
    costs: z.array(costSchema).min(1),
    firstWeek: z.array(firstWeekSchema).min(1),
    /** Runs on any laptop at once. */
    defaultTarget: idSchema,
  })
  .superRefine((blueprint, context) => {
    const { sources, ...facts } = blueprint;
    for (const message of sourceFaults(sources, facts))
      context.addIssue({ code: 'custom', path: ['sources'], message });
    for (const list of ['integrations', 'kpis', 'sizing', 'security'] as const) {
      const ids = blueprint[list].map(({ id }) => id);
      for (const [i, id] of ids.entries()) {
        if (ids.indexOf(id) !== i)
          context.addIssue({ code: 'custom', path: [list, i, 'id'], message: `${id} stands twice` });
      }
    }
  });
export type Blueprint = z.infer<typeof blueprintSchema>;
