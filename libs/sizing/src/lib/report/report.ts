import type { Plan } from '../plan.js';
import { assumptionsSection, risksSection } from './closing-sections.js';
import { costSection, sensitivitySection } from './cost-sections.js';
import { editScript } from './edit-script.js';
import { fleetSection, networkSection, upkeepSection } from './fleet-sections.js';
import { heatSection, targetsSection } from './hardware-sections.js';
import { html } from './markup.js';
import { opening, useCaseSection } from './opening.js';
import { style } from './style.js';

/** One HTML file with all that it needs: reads on screen in light and dark, prints on A4, and gives a changed plan back. */
export function planReport(plan: Plan): string {
  // `<` would let a name in the plan end the script early.
  const input = JSON.stringify(plan.input).replaceAll('<', '\\u003c');
  const body = [
    opening(plan),
    useCaseSection(plan),
    targetsSection(plan),
    heatSection(plan),
    fleetSection(plan),
    networkSection(plan),
    upkeepSection(plan),
    costSection(plan),
    sensitivitySection(plan),
    risksSection(plan),
    assumptionsSection(plan),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
${html`<title>${plan.input.title}</title>`.markup}<style>${style}</style></head><body>
${body.map(({ markup }) => markup).join('\n')}
<script type="application/json" id="plan-input">${input}</script><script>${editScript}</script></body></html>
`;
}
