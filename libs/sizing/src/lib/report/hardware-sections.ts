import { assumedFrom } from '../assumptions.js';
import type { AnchorKind } from '../capacity.js';
import type { FittingOption, RefusedOption } from '../estimate.js';
import { chosenOption, type Plan } from '../plan.js';
import { figure } from '../figure.js';
import { thermalShare } from '../thermal.js';
import { lineChart, stackedBars, legend } from './charts.js';
import { basis, html, money, number, percent, table, type Markup } from './markup.js';

const anchors: Readonly<Record<AnchorKind, string>> = {
  own: 'own measurement',
  same: 'this network',
  scaled: 'its family, scaled up by operations',
  'stand-in': 'stand-in',
};

/** Latencies beside latencies; marketed TOPS only to show what they are worth. */
export function targetsSection(plan: Plan): Markup {
  const { workload, currency } = plan.input;
  const fitting = plan.options.filter((option): option is FittingOption => option.fits);
  const refused = plan.options.filter((option): option is RefusedOption => !option.fits);
  const tops = ({ marketedTops, reachedTops }: FittingOption['target']): string =>
    `${marketedTops === null ? '–' : number(marketedTops)} / ${reachedTops === null ? '–' : [...new Set(reachedTops.map((each) => number(each, 2)))].join(' to ')}`;
  const rows = fitting.map(({ target, option, fleet, cost }) => {
    const cameras = fleet.sites.map(({ capacity }) => capacity.cameras.value);
    return [
      html`${target.id === plan.chosen ? html`<strong>${target.title}</strong>` : target.title}<br /><span class="small"
          >${target.label}${target.availability?.state === 'legacy' ? ', legacy' : ''}</span
        >`,
      html`${number(fleet.anchor.pictureMs.value)} ms<br /><span class="small">${anchors[fleet.anchor.kind]}</span>`,
      tops(target),
      html`${Math.max(...cameras)} to ${Math.min(...cameras)}`,
      number(fleet.devices.value, 6),
      option.price === undefined ? 'open' : money(option.price.value, currency),
      cost === undefined ? 'open' : money(cost.total, currency),
    ];
  });
  const bars = fitting.map(({ target, fleet }) => {
    const shares = fleet.sites.map(({ capacity }) => capacity.share.value);
    const cool = fleet.anchor.pictureMs.value / Math.max(...shares);
    const hot = fleet.anchor.pictureMs.value / Math.min(...shares);
    return { name: shorter(target.title), parts: [cool, hot - cool], note: `${number(cool)} to ${number(hot)} ms` };
  });
  return html`<section class="page">
    <h2>2 Targets compared</h2>
    <p>
      By the time that one picture of ${workload.model.name} at ${workload.model.input} takes, never by TOPS: what
      networks reach is a small part of what is marketed.
    </p>
    ${table('lrrrrrr', ['target', 'one picture', 'TOPS marketed / reached', 'cameras a device, coolest to hottest site', 'devices', 'price of one', `${plan.input.years} years`], rows)}
    ${stackedBars('One picture by target', `One picture at the coolest site, and what the hottest adds. ${standInNote(fitting)}`, bars, 'ms')}${legend(['coolest site', 'added at the hottest'])}
    <h3>Where the speeds are from</h3>
    ${table(
      'lll',
      ['target', 'speed', 'source'],
      fitting.map(({ target, fleet }) => [
        target.title,
        fleet.anchor.pictureMs.how,
        sourceOf(fleet.anchor.speed?.source ?? null),
      ]),
    )}
    ${
      refused.length === 0
        ? null
        : html`<h3>Not possible</h3>
            ${table(
              'll',
              ['target', 'why'],
              refused.map(({ target, refused: why }) => [
                target.title,
                why.slice(0, 4).join('; ') + (why.length > 4 ? `; and ${why.length - 4} more` : ''),
              ]),
            )}`
    }
    ${basis(fitting.flatMap(({ fleet }) => fleet.sites.map(({ capacity }) => capacity.cameras)))}
  </section>`;
}

const shorter = (title: string): string =>
  title
    .replace(/[,(:].*$/, '')
    .trim()
    .slice(0, 30);

function standInNote(fitting: readonly FittingOption[]): string {
  const other = fitting
    .filter(({ fleet }) => fleet.anchor.kind === 'stand-in')
    .map(({ target }) => shorter(target.title));
  return other.length === 0 ? '' : `Another network stands in on ${other.join(', ')}: measure before you decide.`;
}

export function sourceOf(
  source: { readonly title: string; readonly url: string | null; readonly date: string } | null,
): Markup {
  if (source === null) return html`in the plan`;
  if (source.url === null || !source.url.startsWith('https://'))
    return html`${source.title}${source.url === null ? '' : `, ${source.url}`}, ${source.date}`;
  return html`<a href="${source.url}">${source.title}</a>, ${source.date}`;
}

/** Sites of nearly one temperature share the label of the hottest. */
function labelled(airs: readonly number[]): readonly { readonly celsius: number; readonly named: boolean }[] {
  let last = Number.POSITIVE_INFINITY;
  return [...airs]
    .sort((a, b) => b - a)
    .map((celsius) => {
      const named = last - celsius >= 4;
      if (named) last = celsius;
      return { celsius, named };
    });
}

/** What the box does to the device that was chosen. */
export function heatSection(plan: Plan): Markup {
  const chosen = chosenOption(plan);
  if (chosen === undefined) return html``;
  const assumed = assumedFrom(plan.assumptions);
  const at = (celsius: number): number =>
    thermalShare(chosen.target, figure(celsius, '°C', '', []), assumed).value * 100;
  const airs = chosen.fleet.sites.map(({ air }) => air.value);
  const [from, until] = [Math.min(20, ...airs), Math.max(70, ...airs)];
  const curve = Array.from({ length: 101 }, (_, i) => from + ((until - from) * i) / 100);
  const hottest = [...chosen.fleet.sites].sort((a, b) => b.air.value - a.air.value);
  const dots = [...new Map(hottest.map((site) => [site.air.value, site])).values()];
  const rows = hottest.map(({ site, air, capacity }) => {
    const given = plan.input.sites.find(({ id }) => id === site);
    return [
      given?.name ?? site,
      html`${given?.ambientCelsius ?? ''} °C, ${given?.enclosure ?? ''}`,
      `${number(air.value)} °C`,
      percent(capacity.share.value),
      number(capacity.serviceMs.value),
      html`${capacity.cameras.value} <span class="small">(${capacity.bound})</span>`,
      html`${number(capacity.ageMs.value)} of ${plan.input.workload.deadlineMs}`,
    ];
  });
  return html`<section class="page">
    <h2>3 Heat</h2>
    <p>
      Published speeds hold in a laboratory. A device in a hot box gives up power to hold its throttle point, and speed
      with it. A sealed box at 45 °C with 10 K inside costs a device that throttles at 85 °C 38 % of its speed; each
      site below is worked out for its own box.
    </p>
    ${lineChart(
      'Speed left over temperature',
      `${chosen.target.title}: speed that is left over the temperature of the air in the box; dots are the sites.`,
      { x: 'air in the box, °C', y: '% of published speed' },
      [{ name: 'share', points: curve.map((celsius) => [celsius, at(celsius)] as const) }],
      labelled(dots.map(({ air }) => air.value)).map(({ celsius, named }) => ({
        x: celsius,
        y: at(celsius),
        name: named ? percent(at(celsius) / 100) : '',
      })),
    )}
    ${table('llrrrrr', ['site', 'surroundings', 'air in the box', 'speed left', 'ms a picture', 'cameras a device', 'p99 age, ms, with all of them'], rows)}
    ${basis(chosen.fleet.sites.map(({ capacity }) => capacity.share))}
  </section>`;
}
