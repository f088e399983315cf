import type { Assumed } from './assumptions.js';
import { createCostSheet, type CostSheet } from './cost.js';
import { stations } from './edge-cost.js';
import { gatewayCost } from './gateway-cost.js';
import type { SiteNetwork } from './network.js';
import type { PlanInput } from './plan-input.js';

/** The same work with every picture sent to a cloud: a gateway at each station, more link, servers by the hour. */
export function cloudCost(plan: PlanInput, network: readonly SiteNetwork[], assumed: Assumed): CostSheet {
  const sheet = createCostSheet(plan.years);
  const { workload } = plan;
  const count = plan.sites.reduce((sum, site) => sum + site.stations, 0);
  gatewayCost(sheet, plan, assumed);
  stations(sheet, plan, assumed);
  const perSecond = count * workload.camerasPerStation * workload.picturesPerSecond;
  const { serverPicturesPerSecond, serverHour, gigabyteMonth } = plan.cloud;
  const servers = Math.ceil(perSecond / (serverPicturesPerSecond.value * (1 - assumed('capacity.headroom'))));
  sheet.add({
    category: 'network and cloud',
    item: `${servers} inference servers while there is work`,
    price: serverHour,
    at: 'cloud.serverHour',
    quantity: servers * workload.hoursPerDay * workload.daysPerYear,
    uses: [
      'capacity.headroom',
      'input:cloud.serverPicturesPerSecond',
      'input:workload.hoursPerDay',
      'input:workload.daysPerYear',
    ],
  });
  sheet.add({
    category: 'network and cloud',
    item: 'pictures kept in the cloud',
    price: gigabyteMonth,
    at: 'cloud.gigabyteMonth',
    quantity: 12 * network.reduce((sum, { storageGigabytes }) => sum + storageGigabytes.value, 0),
    uses: network[0]?.storageGigabytes.uses ?? [],
  });
  for (const country of plan.countries) {
    const own = plan.sites.filter((site) => site.country === country.id);
    const more = own.reduce((sum, site) => {
      const need = network.find((each) => each.site === site.id)?.cloudMegabits.value ?? 0;
      return sum + Math.max(0, need / assumed('network.link-share') - site.linkMegabits);
    }, 0);
    sheet.add({
      category: 'network and cloud',
      item: `more link, ${country.name}`,
      price: country.extraMegabit,
      at: `countries.${country.id}.extraMegabit`,
      quantity: 12 * more,
      uses: ['network.link-share', ...(network[0]?.cloudMegabits.uses ?? [])],
    });
  }
  return sheet;
}
