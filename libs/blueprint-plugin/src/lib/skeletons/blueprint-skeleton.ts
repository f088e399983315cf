import { blueprintSchema, type Blueprint } from '@edge-blueprints/blueprints';
import { parseConfig } from '@edge-blueprints/contracts';
import { open } from './open-fields.js';

export interface BlueprintSkeletonOptions {
  readonly id: string;
  readonly title: string;
  readonly industry: string;
  /** Its app, models, integrations and architecture are what the new industry starts from. */
  readonly like: Blueprint;
}

/** Claims nothing: what is taken over is what the code does, every promise is planned, every figure not measured. */
export function blueprintSkeleton({ id, title, industry, like }: BlueprintSkeletonOptions): Blueprint {
  const [integrationSource] = Object.keys(like.sources);
  const [kpi] = like.kpis;
  const key = kpi?.source ?? integrationSource ?? 'app';
  const source = like.sources[key];
  const skeleton = {
    ...{ format: 'edge-blueprint/1', id, title, industry },
    summary: open('one sentence that a client understands'),
    sources: source === undefined ? {} : { [key]: source },
    scenario: {
      problem: open('what hurts today, whom, and what it costs'),
      people: [{ who: open('a role'), wants: open('what this role wants') }],
      outcome: open('what is different afterwards'),
      whyEdge: [open('latency, bandwidth, privacy or a link that fails: which, and the figure')],
      notFor: [open('where it does not fit')],
    },
    ...{ app: like.app, architecture: like.architecture, models: like.models, integrations: like.integrations },
    patterns: like.patterns.map(({ pattern, readiness, how, evidence }) => ({
      ...{
        pattern,
        readiness: readiness === 'ready' ? 'partly' : readiness,
        how: `As in ${like.id}: ${how}`,
        evidence,
      },
    })),
    kpis: [
      {
        ...{ id: 'first', title: open('what is counted, against which truth'), unit: open('unit') },
        ...{ comparison: 'at-least', limit: 0, reason: open('who asks for this limit'), source: key, severity: 'must' },
        command: kpi?.command ?? like.app.demo,
        result: { kind: 'none', why: 'the blueprint is a skeleton: nothing was measured' },
      },
    ],
    sizing: [
      {
        ...{ id: 'sites', title: 'sites', unit: 'sites', default: 1, min: 1, max: 5000 },
        reason: open('what the plan is sized by'),
      },
    ],
    security: [
      {
        ...{ id: 'checklist', requirement: open('what the site asks for'), state: 'open', evidence: [] },
        note: 'Nobody has looked at this industry yet.',
      },
    ],
    regulation: [],
    claims: [
      {
        ...{ claim: open('what it shall do'), readiness: 'planned', evidence: [] },
        note: `A skeleton made from ${like.id}; nothing was tried for this industry.`,
      },
    ],
    costs: [{ item: open('an item'), drivenBy: open('what makes it grow'), ask: open('who knows the figure') }],
    firstWeek: [{ day: '1', step: open('what is done'), doneWhen: open('how one sees that it is done') }],
    defaultTarget: like.defaultTarget,
  };
  return parseConfig(blueprintSchema, skeleton, `the skeleton of ${id}`);
}
