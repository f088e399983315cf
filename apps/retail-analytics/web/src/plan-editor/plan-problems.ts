import type { StorePlan } from '@edge-blueprints/contracts';
import { partAt, partOf } from './plan-parts.js';
import type { PartRef } from './plan-parts.js';

/** Something that the node refuses about a plan, at its place where it has one. */
export interface PlanProblem {
  readonly part: PartRef | null;
  readonly text: string;
}

const place = /(zones|lines|queues|staffAreas|masks)\[(\d+)\]/;

/**
 * The sentences of a refusal. The node lists either `zones[1] bakery: what is wrong`, one a line below a heading, or
 * `✖ what is wrong` with `→ at plan.zones[1].name` below it.
 */
export function planProblems(message: string): readonly PlanProblem[] {
  const lines = message.split('\n').map((line) => line.trim());
  if (message.includes('✖')) return schemaProblems(lines);
  const [heading = '', ...listed] = lines;
  if (listed.length === 0) return [{ part: null, text: heading }];
  return listed.map((line) => {
    const [where = '', ...rest] = line.split(': ');
    const part = refOf(where);
    return part === null || rest.length === 0 ? { part: null, text: line } : { part, text: rest.join(': ') };
  });
}

function schemaProblems(lines: readonly string[]): PlanProblem[] {
  const problems: PlanProblem[] = [];
  for (const line of lines) {
    if (line.startsWith('✖')) problems.push({ part: null, text: line.slice(1).trim() });
    const last = problems.at(-1);
    if (!line.startsWith('→') || last === undefined) continue;
    const path = line.replace(/^→ at /, '');
    const field = path.split('.').at(-1) ?? path;
    problems[problems.length - 1] = { part: refOf(path), text: `${field}: ${last.text}` };
  }
  return problems;
}

function refOf(where: string): PartRef | null {
  const [, list, index] = place.exec(where) ?? [];
  return list === undefined ? null : (partAt(list, Number(index)) ?? null);
}

/** A problem stands until its part is edited; one without a place until anything is. */
export function standing(
  problems: readonly PlanProblem[],
  refused: StorePlan | null,
  draft: StorePlan,
): readonly PlanProblem[] {
  if (refused === null) return [];
  return problems.filter(({ part }) =>
    part === null ? refused === draft : partOf(refused, part) === partOf(draft, part),
  );
}
