import type { Assumed } from './assumptions.js';
import { createCostSheet, type CostSheet } from './cost.js';
import type { Fleet } from './fleet.js';
import { gatewayCost } from './gateway-cost.js';
import type { Lifecycle } from './lifecycle.js';
import type { HardwareOption, PlanInput } from './plan-input.js';

const once = (quantity: number): readonly number[] => [quantity];

/** All that the edge costs, against quotations. */
export function edgeCost(
  plan: PlanInput,
  option: HardwareOption,
  fleet: Fleet,
  lifecycle: Lifecycle,
  assumed: Assumed,
): CostSheet {
  const sheet = createCostSheet(plan.years);
  const stock = fleet.spares.reduce((sum, spare) => sum + spare.stock.value, 0);
  const at = `options.${option.target}.price`;
  const device = (item: string, quantity: number | readonly number[], uses: readonly string[]): void =>
    sheet.add({ category: 'hardware', item, price: option.price, at, quantity, uses });
  device('devices', once(fleet.devices.value), fleet.devices.uses);
  device('spares in depots', once(stock), fleet.spares[0]?.stock.uses ?? []);
  device(
    'devices that replace failed and worn-out ones',
    [0, ...lifecycle.years.map(({ failed, wornOut }) => failed + wornOut)],
    [...fleet.failuresPerYear.uses, ...lifecycle.uses],
  );
  if (plan.pattern === 'fog') gatewayCost(sheet, plan, assumed);
  stations(sheet, plan, assumed);
  sheet.add({
    category: 'operation',
    item: 'contracts for the devices',
    price: option.price,
    at,
    quantity: fleet.devices.value * assumed('operations.support'),
    uses: ['operations.support', ...fleet.devices.uses],
  });
  for (const country of plan.countries) {
    const energy = fleet.kilowattHoursPerYear.find((each) => each.country === country.id)?.energy;
    const failures = fleet.sites
      .filter((site) => site.country === country.id)
      .reduce((sum, site) => sum + site.failuresPerYear.value, 0);
    sheet.add({
      category: 'energy',
      item: `energy, ${country.name}`,
      price: country.energy,
      at: `countries.${country.id}.energy`,
      quantity: energy?.value ?? 0,
      uses: energy?.uses ?? [],
    });
    sheet.add({
      category: 'operation',
      item: `visits to failed devices, ${country.name}`,
      price: country.visit,
      at: `countries.${country.id}.visit`,
      quantity: failures,
      uses: fleet.failuresPerYear.uses,
    });
  }
  sheet.add({
    category: 'network and cloud',
    item: 'fleet hub',
    price: plan.prices.hub,
    at: 'prices.hub',
    quantity: 12,
    uses: [],
  });
  return sheet;
}

/** What a station costs wherever its pictures are judged: the same lines stand in both sums. */
export function stations(sheet: CostSheet, plan: PlanInput, assumed: Assumed): void {
  const count = plan.sites.reduce((sum, site) => sum + site.stations, 0);
  sheet.add({
    category: 'hardware',
    item: 'camera, light, mounting',
    price: plan.prices.stationMaterial,
    at: 'prices.stationMaterial',
    quantity: once(count),
    uses: ['input:sites'],
  });
  sheet.add({
    category: 'roll-out',
    item: 'engineering',
    price: plan.prices.engineeringDay,
    at: 'prices.engineeringDay',
    quantity: once(assumed('rollout.engineering') + plan.sites.length * assumed('rollout.site')),
    uses: ['rollout.engineering', 'rollout.site', 'input:sites'],
  });
  sheet.add({
    category: 'operation',
    item: 'labels',
    price: plan.prices.label,
    at: 'prices.label',
    quantity: assumed('operations.labels'),
    uses: ['operations.labels'],
  });
  sheet.add({
    category: 'operation',
    item: 'retraining and its acceptance',
    price: plan.prices.engineeringDay,
    at: 'prices.engineeringDay',
    quantity: assumed('operations.retraining'),
    uses: ['operations.retraining'],
  });
  for (const country of plan.countries) {
    const own = plan.sites.filter((site) => site.country === country.id);
    const at = (field: string): string => `countries.${country.id}.${field}`;
    sheet.add({
      category: 'roll-out',
      item: `installation, ${country.name}`,
      price: country.install,
      at: at('install'),
      quantity: once(own.reduce((sum, site) => sum + site.stations, 0)),
      uses: ['input:sites'],
    });
    sheet.add({
      category: 'network and cloud',
      item: `links, ${country.name}`,
      price: country.link,
      at: at('link'),
      quantity: own.length * 12,
      uses: ['input:sites'],
    });
    sheet.add({
      category: 'operation',
      item: `planned visits, ${country.name}`,
      price: country.visit,
      at: at('visit'),
      quantity: own.length * assumed('operations.visits'),
      uses: ['operations.visits', 'input:sites'],
    });
  }
}
