import { chosenOption, type Plan } from '../plan.js';
import { gantt, lineChart, stackedBars } from './charts.js';
import { basis, html, number, table, type Markup } from './markup.js';

export function fleetSection(plan: Plan): Markup {
  const chosen = chosenOption(plan);
  if (chosen === undefined) return html``;
  const { timeline, input } = plan;
  const nameOf = (site: string): string => input.sites.find(({ id }) => id === site)?.name ?? site;
  const rows = chosen.fleet.sites.map(({ site, country, stations, devices }, i) => {
    const wave = timeline.waves[i];
    return [
      nameOf(site),
      input.countries.find(({ id }) => id === country)?.name ?? country,
      number(stations, 6),
      number(devices.value, 6),
      wave === undefined || wave.stations === 0
        ? 'pilot'
        : `week ${Math.floor(wave.fromWeek)} to ${Math.ceil(wave.untilWeek)}`,
    ];
  });
  const upTo = timeline.phases.slice(0, 5);
  const spans = upTo.map(({ name, startWeek, weeks, from, until }) => ({
    name,
    from: startWeek,
    until: startWeek + weeks,
    note: `${from} to ${until}`,
  }));
  return html`<section class="page">
    <h2>4 Fleet and phases</h2>
    ${gantt('Phases', `Five phases to the last station; the sixth, operation and renewal, runs ${input.years} years from ${timeline.phases[5]?.from ?? ''}. Devices of production are ordered when the pilot is accepted, so its phase begins with their lead time.`, spans)}
    ${table(
      'lrrdl',
      ['phase', 'weeks', 'stations at its end', 'from', 'what must be there at its end'],
      timeline.phases.map(({ name, weeks, stations, from, result }) => [
        name,
        number(weeks),
        number(stations, 6),
        from,
        result,
      ]),
    )}
    <p>
      Pilot: ${timeline.pilotStations.value} stations with ${plan.pilotDevices?.value ?? 0} devices
      (${timeline.pilotStations.how}), at the first site.
    </p>
    ${table('llrrl', ['site', 'country', 'stations', 'devices', 'installed'], rows)}${basis([chosen.fleet.devices, timeline.pilotStations, ...timeline.phases])}
  </section>`;
}

export function networkSection(plan: Plan): Markup {
  const { network, input } = plan;
  const sum = (of: (site: Plan['network'][number]) => number): number =>
    network.reduce((total, site) => total + of(site), 0);
  const verdict = (fits: boolean): Markup =>
    fits ? html`<span class="yes">fits</span>` : html`<span class="no">too much</span>`;
  const rows = network.map((site) => [
    input.sites.find(({ id }) => id === site.site)?.name ?? site.site,
    number(site.linkMegabits),
    number(site.edgeMegabits.value),
    verdict(site.edgeFits),
    number(site.cloudMegabits.value),
    verdict(site.cloudFits),
    number(site.storageGigabytes.value),
  ]);
  return html`<section class="page">
    <h2>5 Network and storage</h2>
    <p>
      While there is work, the edge sends ${number(sum(({ edgeMegabits }) => edgeMegabits.value))} Mbit/s from all sites
      together; all pictures as video would be ${number(sum(({ cloudMegabits }) => cloudMegabits.value))} Mbit/s.
    </p>
    ${table('lrrlrlr', ['site', 'link, Mbit/s', 'edge', '', 'cloud', '', 'evidence at the site, GB'], rows)}${basis(network.slice(0, 1).flatMap(({ edgeMegabits, cloudMegabits, storageGigabytes }) => [edgeMegabits, cloudMegabits, storageGigabytes]))}
  </section>`;
}

export function upkeepSection(plan: Plan): Markup {
  const chosen = chosenOption(plan);
  if (chosen === undefined) return html``;
  const { fleet, lifecycle } = chosen;
  const nameOf = (country: string): string => plan.input.countries.find(({ id }) => id === country)?.name ?? country;
  const energy = fleet.kilowattHoursPerYear;
  const rows = fleet.spares.map(({ country, expected, stock }) => [
    nameOf(country),
    number(
      fleet.sites
        .filter((site) => site.country === country)
        .reduce((sum, { failuresPerYear }) => sum + failuresPerYear.value, 0),
    ),
    `${plan.input.countries.find(({ id }) => id === country)?.leadTime.value ?? ''} days`,
    number(expected.value),
    number(stock.value, 6),
    number((energy.find((each) => each.country === country)?.energy.value ?? 0) / 1000),
  ]);
  const bars = lifecycle.years.map(({ year, failed, wornOut, sold }) => ({
    name: `year ${year}${sold ? '' : ', no longer sold'}`,
    parts: [failed, wornOut],
    note: number(failed + wornOut),
  }));
  const yearly = fleet.failuresPerYear.value / fleet.devices.value;
  return html`<section class="page">
    <h2>6 Energy, spares and replacement</h2>
    <p>
      Of ${number(fleet.devices.value, 6)} devices some ${number(fleet.failuresPerYear.value)} fail in a year
      (${number(yearly * 100, 2)} %), more where it is hot. Each country has one depot; its stock lasts through a lead
      time with the chance that was asked for, failures being Poisson.
    </p>
    ${table('lrrrrr', ['country', 'failures a year', 'lead time', 'failures in it', 'spares', 'MWh a year'], rows)}
    ${stackedBars('Replacement by year', `Devices that replace failed and worn-out ones. ${lifecycle.lastSale === null ? 'No last day of sale is known.' : `Last sale ${lifecycle.lastSale.date} (${lifecycle.lastSale.source}): buy ${lifecycle.lastTimeBuy} devices before.`}`, bars, 'devices')}
    ${basis([fleet.failuresPerYear, ...fleet.spares.slice(0, 1).map(({ stock }) => stock), ...energy.slice(0, 1).map((each) => each.energy), lifecycle])}
  </section>`;
}

/** Money spent by the end of each year, both ways. */
export function spending(plan: Plan): Markup | null {
  const edge = chosenOption(plan)?.cost;
  const { cloud, input } = plan;
  if (edge === undefined || cloud.cost === undefined) return null;
  const running = (byYear: readonly number[]): readonly (readonly [number, number])[] =>
    byYear.map((_, year) => [year, byYear.slice(0, year + 1).reduce((sum, each) => sum + each, 0) / 1e6] as const);
  const lines = [
    { name: 'edge', points: running(edge.byYear) },
    { name: 'cloud', points: running(cloud.cost.byYear) },
  ];
  const years = edge.byYear.map((_, year) => year);
  const ahead = (year: number): boolean => (lines[0]?.points[year]?.[1] ?? 0) <= (lines[1]?.points[year]?.[1] ?? 0);
  const crossing = years.find((year) => ahead(year) && years.slice(year).every(ahead));
  const said =
    crossing === undefined
      ? `The edge has not earned its investment back after ${input.years} years.`
      : `From year ${crossing} on the edge has cost less.`;
  return lineChart(
    'Money spent',
    `Money spent by the end of each year, not discounted. ${said}`,
    { x: 'year', y: `${input.currency}, millions` },
    lines,
  );
}
