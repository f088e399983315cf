import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hapiMissing, judgeByHapi } from '../../testing/hapi-judge.js';
import { anyResources } from '../../testing/ward-samples.js';

const missing = hapiMissing();

/** The tag for what artificial intelligence asserts came into HL7's terminology after R4, whose code system HAPI goes by. */
const newerThanR4 = /^RiskAssessment\.meta\.security\[0\]: Unknown code .*#AIAST'$/;

it.skipIf(missing !== undefined)(
  `HAPI's validator has nothing against any builder${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  async () => {
    const resources = Object.values(anyResources).flatMap((any) => fc.sample(any, { numRuns: 25, seed: 11 }).flat());
    const wrong = { ...resources[0], resourceType: 'Observation', id: 'wrong', status: 'bogus' };
    const problems = await judgeByHapi([...resources, wrong]);
    expect(
      problems
        .filter(([at, problem]) => at < resources.length && !newerThanR4.test(problem))
        .map(([at, problem]) => `${resources[at]?.resourceType}: ${problem}`),
    ).toEqual([]);
    expect(problems.some(([at, problem]) => at === resources.length && problem.includes('bogus'))).toBe(true);
  },
  600_000,
);
