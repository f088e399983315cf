import type { Assumed } from './assumptions.js';
import type { CostSheet } from './cost.js';
import type { PlanInput } from './plan-input.js';
import { failuresPerYear } from './spares.js';
import { airCelsius } from './thermal.js';
import { wearOutYears } from './lifecycle.js';

/** What stations cost that send their pictures away, to a fog node or a cloud: as many gateways, which fail, wear out and draw power. */
export function gatewayCost(sheet: CostSheet, plan: PlanInput, assumed: Assumed): void {
  const { gateway } = plan.prices;
  const count = plan.sites.reduce((sum, { stations }) => sum + stations, 0);
  const failures = plan.sites.map((site) => ({
    country: site.country,
    stations: site.stations,
    each:
      failuresPerYear({ target: 'gateway' }, airCelsius(site, assumed), plan.workload.environment, assumed).value *
      site.stations,
  }));
  const failed = failures.reduce((sum, { each }) => sum + each, 0);
  const ends = wearOutYears(assumed('reliability.life'), plan.years);
  const reliability = ['reliability.mtbf', 'reliability.activation', 'reliability.rated'];
  sheet.add({
    category: 'hardware',
    item: 'gateways at stations, and those that replace them',
    price: gateway,
    at: 'prices.gateway',
    quantity: [count, ...Array.from({ length: plan.years }, (_, i) => failed + (ends.has(i + 1) ? count : 0))],
    uses: ['input:sites', 'reliability.life', ...reliability],
  });
  sheet.add({
    category: 'operation',
    item: 'contracts for the gateways',
    price: gateway,
    at: 'prices.gateway',
    quantity: count * assumed('operations.support'),
    uses: ['operations.support', 'input:sites'],
  });
  for (const country of plan.countries) {
    const own = failures.filter((site) => site.country === country.id);
    sheet.add({
      category: 'energy',
      item: `energy of gateways, ${country.name}`,
      price: country.energy,
      at: `countries.${country.id}.energy`,
      quantity:
        (own.reduce((sum, { stations }) => sum + stations, 0) *
          assumed('energy.host') *
          assumed('energy.overhead') *
          8760) /
        1000,
      uses: ['energy.host', 'energy.overhead'],
    });
    sheet.add({
      category: 'operation',
      item: `visits to failed gateways, ${country.name}`,
      price: country.visit,
      at: `countries.${country.id}.visit`,
      quantity: own.reduce((sum, { each }) => sum + each, 0),
      uses: reliability,
    });
  }
}
