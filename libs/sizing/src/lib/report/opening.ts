import { chosenOption, type Plan } from '../plan.js';
import { basis, html, money, number, percent, table, type Markup } from './markup.js';

const patterns = {
  'on-device': 'each station judges by itself',
  fog: 'stations share inference nodes at their site',
  hybrid: 'stations judge, a hub learns from them',
} as const;

/** Title, the answer in one paragraph, and the figures that one remembers. */
export function opening(plan: Plan): Markup {
  const { input } = plan;
  const chosen = chosenOption(plan);
  const stations = input.sites.reduce((sum, site) => sum + site.stations, 0);
  const { years, currency } = input;
  const card = (value: string, label: string): Markup =>
    html`<div class="card"><b>${value}</b><span>${label}</span></div>`;
  const cloud = plan.cloud.cost;
  return html`<header>
    <h1>${input.title}</h1>
    <p class="meta">
      ${input.client} · plan of ${input.date} · blueprint ${input.blueprint} · ${input.pattern}:
      ${patterns[input.pattern]}
    </p>
    <p>${answer(plan)}</p>
    <div class="cards">
      ${card(number(stations, 6), `stations on ${input.sites.length} sites in ${input.countries.length} countries`)}${
        chosen === undefined
          ? null
          : [
              card(number(chosen.fleet.devices.value, 6), `devices: ${chosen.target.title}`),
              card(
                number(
                  chosen.fleet.spares.reduce((sum, { stock }) => sum + stock.value, 0),
                  6,
                ),
                'spares in depots',
              ),
              card(chosen.cost === undefined ? 'open' : money(chosen.cost.total, currency), `edge over ${years} years`),
              card(cloud === undefined ? 'open' : money(cloud.total, currency), `cloud over ${years} years`),
            ]
      }
    </div>
    ${warning(plan)}
  </header>`;
}

function answer(plan: Plan): string {
  const chosen = chosenOption(plan);
  const { input, cloud, useCase } = plan;
  if (chosen === undefined)
    return 'None of the given targets can do this work as it stands. The comparison below says why, target by target.';
  const why =
    useCase.edge === 'needed'
      ? 'The edge is needed: at least one requirement leaves a cloud no way.'
      : 'A cloud could do this work: the choice is one of cost.';
  const picked =
    input.choice === undefined
      ? `${chosen.target.title} is the cheapest target that fits`
      : `This plan is made with ${chosen.target.title}, as was asked`;
  const hottest = Math.min(...chosen.fleet.sites.map(({ capacity }) => capacity.share.value));
  const heat =
    hottest < 1 ? ` At its hottest site heat takes ${percent(1 - hottest)} of the speed, which is in the figures.` : '';
  if (chosen.cost === undefined || cloud.cost === undefined)
    return `${why} ${picked}.${heat} Cost is open until these quotations are there: ${[...new Set([...chosen.missing, ...cloud.missing])].join(', ')}.`;
  const more = chosen.cost.total - cloud.cost.total;
  const share = percent(Math.abs(more) / cloud.cost.total);
  return `${why} ${picked}; over ${input.years} years it costs ${share} ${more > 0 ? 'more' : 'less'} than sending every picture to a cloud.${heat}`;
}

function warning(plan: Plan): Markup | null {
  const chosen = chosenOption(plan);
  const made = [...(chosen?.prices ?? []), ...plan.cloud.prices].some(({ kind }) => kind === 'illustrative');
  if (!made) return null;
  return html`<div class="note">
    <p>
      <strong>The prices in this plan are made up.</strong> They show how it is worked out, not what it costs. Put
      quotations in their place, each with its day and source, before a figure leaves the house.
    </p>
  </div>`;
}

export function useCaseSection({ useCase }: Plan): Markup {
  const rows = useCase.checks.map(({ question, verdict, because }) => [
    question,
    verdict === 'edge' ? html`<span class="yes">edge needed</span>` : 'either way',
    because,
  ]);
  return html`<section>
    <h2>1 Is the edge needed?</h2>
    <p>Four questions before any hardware. One that only the edge can answer is enough.</p>
    ${table('lll', ['question', 'answer', 'why'], rows)}${basis(useCase.checks.flatMap(({ figures }) => figures.slice(0, 1)))}
  </section>`;
}
