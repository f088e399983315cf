import type { News2Parameter, News2Score } from '@edge-blueprints/contracts';
import { clinicalResponse } from './news2/clinical-response.js';

const names: Readonly<Record<News2Parameter, string>> = {
  respiration: 'respiration rate',
  oxygenSaturation: 'SpO2',
  supplementalOxygen: 'air or oxygen',
  systolic: 'systolic pressure',
  pulse: 'pulse',
  consciousness: 'consciousness',
  temperature: 'temperature',
};

/** "respiration rate", "SpO2" ... as a nurse reads it. */
export function parameterName(parameter: News2Parameter): string {
  return names[parameter];
}

/** "NEWS2 6", or "NEWS2 9 to 15 (incomplete)". */
export function scoreText({ total, lo, hi }: News2Score): string {
  return total === undefined ? `NEWS2 ${lo} to ${hi} (incomplete)` : `NEWS2 ${total}`;
}

/** A score with its parts, reasons and the response of charts 2 and 4. */
export function reportScore(score: News2Score): string {
  const response = clinicalResponse[score.band];
  const parts = score.subScores.map(({ parameter, points, lo, hi, rounded, missing }) => {
    const value = missing === undefined ? (rounded === undefined ? '' : ` ${rounded}`) : ` not known: ${missing}`;
    return `  ${parameter === 'oxygenSaturation' ? `SpO2 (scale ${score.scale})` : names[parameter]}${value}: ${points ?? `${lo} to ${hi}`}${points === 3 ? ', red' : ''}`;
  });
  return [
    `${scoreText(score)}, ${score.band === 'insufficient' ? 'insufficient: no band may be shown' : `band ${score.band}`}`,
    ...(score.complete ? [] : [`cannot exclude: ${score.cannotExclude}`]),
    ...parts,
    `risk: ${response.risk}; monitoring: ${response.monitoring}`,
    response.response,
    'Royal College of Physicians, NEWS2, 2017. A reference implementation, not a medical device.',
    '',
  ].join('\n');
}
