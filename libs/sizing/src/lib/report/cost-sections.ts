import { costCategories, type Cost, type CostCategory } from '../cost.js';
import { chosenOption, type Plan } from '../plan.js';
import { legend, stackedBars, tornado } from './charts.js';
import { spending } from './fleet-sections.js';
import { basis, html, money, number, percent, table, type Markup } from './markup.js';

export function costSection(plan: Plan): Markup {
  const chosen = chosenOption(plan);
  if (chosen === undefined) return html``;
  const { cloud, input } = plan;
  const missing = [...new Set([...chosen.missing, ...cloud.missing])];
  const heading = html`<h2>7 Cost over ${input.years} years</h2>`;
  if (chosen.cost === undefined || cloud.cost === undefined)
    return html`<section class="page">
      ${heading}
      <div class="note"><p>No sum is shown while a price is missing. Ask for: ${missing.join(', ')}.</p></div>
    </section>`;
  const bar = (name: string, cost: Cost) => ({
    name,
    parts: costCategories.map((category) => cost.byCategory[category] / 1e6),
    note: money(cost.total, input.currency),
  });
  const both = [chosen.cost, cloud.cost] as const;
  const rows = costCategories.map((category) => [
    category,
    ...both.map((cost) => money(cost.byCategory[category], input.currency)),
    money(both[0].byCategory[category] - both[1].byCategory[category], input.currency),
  ]);
  rows.push([
    'in all',
    ...both.map(({ total }) => money(total, input.currency)),
    money(both[0].total - both[1].total, input.currency),
  ]);
  return html`<section class="page">
    ${heading}
    ${stackedBars('Cost by category', 'The same work at the edge and in a cloud, by the same five categories.', [bar('edge', chosen.cost), bar('cloud', cloud.cost)], `${input.currency}, millions`)}${legend(costCategories)}
    ${table('lrrr', ['category', 'edge', 'cloud', 'edge less cloud'], rows)}${spending(plan)}${legend(['edge', 'cloud'])}
    <h3>Lines of the edge</h3>
    ${lines(plan, chosen.cost)}
    <h3>Lines of the cloud</h3>
    ${lines(plan, cloud.cost)}${basis([...chosen.cost.lines, ...cloud.cost.lines].map(({ uses }) => ({ uses: uses.filter((use) => !use.startsWith('input:')) })))}
  </section>`;
}

/** One row for an item of all countries; plan-result.json has them apart. */
function lines({ input }: Plan, cost: Cost): Markup {
  const total = (years: readonly number[]): number => years.reduce((sum, each) => sum + each, 0);
  const names = input.countries.map(({ name }) => `, ${name}`);
  const grouped = new Map<string, { readonly category: CostCategory; first: number; later: number }>();
  for (const { category, item, years } of cost.lines) {
    const name = names.reduce(
      (text, country) => (text.endsWith(country) ? text.slice(0, -country.length) : text),
      item,
    );
    const row = grouped.get(name) ?? { category, first: 0, later: 0 };
    row.first += years[0] ?? 0;
    row.later += total(years.slice(1));
    grouped.set(name, row);
  }
  const amount = (value: number): string => (value === 0 ? '–' : money(value, input.currency));
  const rows = [...grouped]
    .sort(([, a], [, b]) => costCategories.indexOf(a.category) - costCategories.indexOf(b.category))
    .map(([item, { category, first, later }]) => [
      category,
      item,
      amount(first),
      amount(later / input.years),
      percent((first + later) / Math.max(1e-9, total(cost.byYear))),
    ]);
  return table('llrrr', ['category', 'line', 'at first', 'a year, on average', 'share'], rows);
}

export function sensitivitySection(plan: Plan): Markup {
  const edge = chosenOption(plan)?.cost;
  const cloud = plan.cloud.cost;
  if (edge === undefined || cloud === undefined) return html``;
  const base = edge.total - cloud.total;
  const bars = plan.sensitivity.flatMap((swing) => {
    const { edgeAtLow, edgeAtHigh, cloudAtLow, cloudAtHigh } = swing;
    if (edgeAtLow === null || edgeAtHigh === null || cloudAtLow === null || cloudAtHigh === null) return [];
    return [
      {
        name: short(swing.title),
        low: number(swing.low),
        high: number(swing.high),
        atLow: (edgeAtLow - cloudAtLow) / 1e3,
        atHigh: (edgeAtHigh - cloudAtHigh) / 1e3,
      },
    ];
  });
  const turning = plan.sensitivity.filter(({ turnsDecision }) => turnsDecision);
  return html`<section class="page">
    <h2>8 What the decision hangs on</h2>
    <p>
      Each figure is moved alone to both ends of its range, and everything is worked out again with the same target:
      bars show edge less cloud.
      ${
        turning.length === 0
          ? 'No single one turns the decision.'
          : `${turning.length} can turn it alone: ${turning
              .slice(0, 6)
              .map(({ title }) => title)
              .join('; ')}.`
      }
    </p>
    ${tornado('Sensitivity', 'Edge less cloud; below zero the edge costs less. The ten widest; ends of the range stand at the bars.', base / 1e3, bars.slice(0, 10), `${plan.input.currency}, thousands`)}${legend(['at the low end', 'at the high end'])}
  </section>`;
}

const short = (title: string): string => (title.length <= 36 ? title : `${title.slice(0, 35)}…`);
