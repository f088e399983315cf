import { chosenOption, type Plan } from '../plan.js';
import { sourcedSchema, type Sourced } from '../sourced.js';
import { sourceOf } from './hardware-sections.js';
import { html, number, table, type Markup } from './markup.js';

export function risksSection({ risks }: Plan): Markup {
  const rows = risks.map(({ weight, risk, answer }) => [
    weight === 'high' ? html`<span class="no">high</span>` : weight,
    risk,
    answer,
  ]);
  return html`<section class="page">
    <h2>9 Risks</h2>
    <p>Those that follow from the figures of this plan.</p>
    ${table('lll', ['weight', 'risk', 'what to do'], rows)}
  </section>`;
}

/** Every number that was not worked out here: editable, with its source. */
export function assumptionsSection(plan: Plan): Markup {
  const rows = plan.assumptions.map(
    ({ key, title, unit, value, low, high, origin, source }) =>
      html`<tr id="${key}">
        <td class="t"><span class="key">${key}</span><br />${title}</td>
        <td class="n">
          <input type="number" step="any" value="${value}" data-key="${key}" aria-label="${title}" /> ${unit}
        </td>
        <td class="n">${number(low)} to ${number(high)}</td>
        <td class="t">${origin}</td>
        <td class="t small">${source}</td>
      </tr>`,
  );
  const prices = pricesIn(plan.input, []);
  const facts = plan.options.map(({ target }) => target);
  const used = chosenOption(plan)?.target;
  return html`<section class="page">
    <h2>10 Assumptions and inputs</h2>
    <p>
      Change a value, save the plan, and run the planner on it: every figure follows. On paper: put the key under
      <span class="key">assumptions</span> of the plan's file.
    </p>
    <p class="screen">
      <button type="button" id="save">Save the changed plan</button>
      <span class="small" id="changed">nothing changed</span>
    </p>
    <div class="wide">
      <table class="keys">
        <thead>
          <tr>
            <th>assumption</th>
            <th class="n">value</th>
            <th class="n">range</th>
            <th>kind</th>
            <th>source</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    <h3>Inputs that somebody stands for</h3>
    ${table(
      'lrrlld',
      ['input', 'value', 'range', 'kind', 'source', 'day'],
      prices.map(({ path, sourced: { value, low = value, high = value, kind, source, date } }) => [
        html`<span class="key">${path}</span>`,
        number(value),
        `${number(low)} to ${number(high)}`,
        kind === 'illustrative' ? html`<span class="no">made up</span>` : kind,
        source,
        date,
      ]),
    )}
    <h3>Sites and work</h3>
    ${table(
      'lr',
      ['input', 'value'],
      Object.entries(plan.input.workload).flatMap(([key, value]) =>
        typeof value === 'object' ? [] : [[html`<span class="key">workload.${key}</span>`, String(value)]],
      ),
    )}
    <h3>Facts of targets</h3>
    ${table(
      'llll',
      ['target', 'power', 'heat', 'availability'],
      facts.map((target) => [
        target.id === used?.id ? html`<strong>${target.title}</strong>` : target.title,
        target.power === null
          ? 'unknown'
          : html`${target.power.maxWatts} W, ${target.power.of}<br />${sourceOf(target.power.source)}`,
        target.thermal === null
          ? 'unknown: assumed slope'
          : html`${target.thermal.kind}<br />${target.thermalSource === null ? null : sourceOf(target.thermalSource)}`,
        target.availability === null
          ? 'unknown'
          : html`${target.availability.state}<br />${sourceOf(target.availability.source)}`,
      ]),
    )}
  </section>`;
}

function pricesIn(
  part: unknown,
  path: readonly string[],
): readonly { readonly path: string; readonly sourced: Sourced }[] {
  if (typeof part !== 'object' || part === null) return [];
  const sourced = sourcedSchema.safeParse(part);
  if (sourced.success) return [{ path: path.join('.'), sourced: sourced.data }];
  return Object.entries(part).flatMap(([key, value]) => {
    const named = Array.isArray(part) && typeof value === 'object' && value !== null;
    const id: unknown = named ? ('id' in value ? value.id : 'target' in value ? value.target : key) : key;
    return pricesIn(value, [...path, String(id)]);
  });
}
