import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  cameraSilentMs,
  definitionsVersion,
  lineRules,
  partyRules,
  queueRules,
  trackRules,
  zoneRules,
} from './measure-rules.js';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/retail.md'), 'utf8');
const row = (measure: string): string => page.split('\n').find((line) => line.startsWith(`| ${measure} |`)) ?? '';
const s = (ms: number): string => `${ms / 1_000} s`;

describe('docs/retail.md', () => {
  it.each([
    ['crossing', [s(lineRules.settleMs), `${lineRules.hysteresisM} m`, `${lineRules.endSlackM} m slack`]],
    ['crossing', [`once in ${s(lineRules.repeatMs)}`, `more than ${s(lineRules.gapMs)}`]],
    [
      'visit of a zone',
      [`${zoneRules.borderM} m inside after ${s(zoneRules.enterMs)}`, `after ${s(zoneRules.exitMs)}`],
    ],
    ['visit of a zone', [`at least ${s(zoneRules.shortestVisitMs)}`, `within ${s(zoneRules.mergeMs)}`]],
    ['people in a zone', [`within ${s(trackRules.freshMs)}`]],
    ['queue', [`${queueRules.standingMps} m/s`, `${queueRules.linkM} m and ${queueRules.bendDeg} degrees`]],
    ['queue', [`after ${s(queueRules.joinMs)} in the chain`]],
    ['wait', [`${queueRules.serviceM} m from the service point`, `after ${s(queueRules.abandonMs)}`]],
    ['hidden members', [s(queueRules.hiddenMs), `${queueRules.inheritM} m and ${s(queueRules.inheritMs)}`]],
    [
      'party',
      [`${partyRules.nearM} m of each other for ${s(partyRules.togetherMs)}`, `${partyRules.differenceMps} m/s`],
    ],
    ['party', [`after ${s(partyRules.partMs)} more than ${partyRules.apartM} m apart`]],
    ["Little's law", [`${queueRules.littleMs / 60_000} minutes`, `${queueRules.littleLimit * 100} %`]],
    ['staff', [`for ${s(trackRules.staffMs)}`]],
    ['coverage', [`for ${s(cameraSilentMs)}`]],
  ] as const)('defines %s by the rules that are in force: %j', (measure, parts) => {
    for (const part of parts) expect(row(measure)).toContain(part);
  });

  it('names the version of the rules', () => {
    expect(page).toContain(`version ${definitionsVersion}.`);
  });
});
