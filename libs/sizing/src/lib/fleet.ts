import type { Assumed } from './assumptions.js';
import { anchorOf, capacityOf, type Anchor, type Capacity } from './capacity.js';
import { figure, usesOf, type Figure } from './figure.js';
import type { HardwareOption, PlanInput, Site } from './plan-input.js';
import { failuresPerYear, poissonStock } from './spares.js';
import type { TargetFacts } from './target-facts.js';
import { airCelsius } from './thermal.js';

export interface SiteFleet {
  readonly site: string;
  readonly name: string;
  readonly country: string;
  readonly stations: number;
  readonly air: Figure;
  readonly capacity: Capacity;
  /** Devices that infer: at stations, or fog nodes with their standby. */
  readonly devices: Figure;
  readonly failuresPerYear: Figure;
}

export interface SpareStock {
  readonly country: string;
  /** Failures expected in one lead time. */
  readonly expected: Figure;
  readonly stock: Figure;
}

export interface Fleet {
  readonly anchor: Anchor;
  readonly sites: readonly SiteFleet[];
  readonly devices: Figure;
  readonly failuresPerYear: Figure;
  readonly spares: readonly SpareStock[];
  readonly kilowattHoursPerYear: readonly { readonly country: string; readonly energy: Figure }[];
}

/** Why a target cannot do it, in sentences for the reader of the plan. */
export interface Refusal {
  readonly refused: readonly string[];
}

export function fleetOf(
  plan: PlanInput,
  option: HardwareOption,
  target: TargetFacts,
  assumed: Assumed,
): Fleet | Refusal {
  const anchor = anchorOf(target, option, plan.workload.model);
  const refused = [...target.refusals];
  if (anchor === undefined)
    refused.push(
      `nobody has published a speed of ${plan.workload.model.name} at ${plan.workload.model.input}, of its family or of an accepted stand-in: measure it, and enter pictureMs`,
    );
  if (anchor === undefined || refused.length > 0) return { refused };
  const sites = plan.sites.map((site) => siteFleet(plan, option, target, site, anchor, assumed));
  const cannot = sites.filter(({ capacity }) => capacity.cameras.value === 0);
  if (cannot.length > 0)
    return {
      refused: cannot.map(({ name: site, capacity, air }) =>
        capacity.share.value === 0
          ? `${site}: no room left to throttle at ${air.value} °C in the box`
          : `${site}: not even one camera at ${air.value} °C in the box, the ${capacity.bound} decides`,
      ),
    };
  const sum = (of: (site: SiteFleet) => number): number => sites.reduce((total, site) => total + of(site), 0);
  return {
    anchor,
    sites,
    devices: figure(
      sum(({ devices }) => devices.value),
      'devices',
      'sum over sites',
      usesOf(sites.map(({ devices }) => devices)),
    ),
    failuresPerYear: figure(
      sum((site) => site.failuresPerYear.value),
      '1/a',
      'sum over sites',
      usesOf(sites.map((site) => site.failuresPerYear)),
    ),
    spares: plan.countries.map((country) => spareStock(country.id, country.leadTime.value, sites, assumed)),
    kilowattHoursPerYear: plan.countries.map(({ id }) => ({
      country: id,
      energy: energyOf(id, sites, option, target, assumed),
    })),
  };
}

function siteFleet(
  plan: PlanInput,
  option: HardwareOption,
  target: TargetFacts,
  site: Site,
  anchor: Anchor,
  assumed: Assumed,
): SiteFleet {
  const air = airCelsius(site, assumed);
  const capacity = capacityOf(target, option, anchor, air, plan, assumed);
  const cameras = Math.max(1, capacity.cameras.value);
  const { camerasPerStation } = plan.workload;
  const fog = plan.pattern === 'fog';
  const perStation = Math.ceil(camerasPerStation / cameras);
  const count = fog
    ? Math.ceil((site.stations * camerasPerStation) / cameras) + Math.ceil(assumed('fog.standby'))
    : site.stations * perStation;
  const how = fog
    ? `${site.stations} stations x ${camerasPerStation} cameras / ${cameras} a node, rounded up, + ${assumed('fog.standby')} standby`
    : `${site.stations} stations x ${perStation} (${camerasPerStation} of at most ${cameras} cameras)`;
  const uses = [
    'input:sites',
    'input:workload.camerasPerStation',
    ...capacity.cameras.uses,
    ...(fog ? ['fog.standby'] : []),
  ];
  const each = failuresPerYear(option, air, plan.workload.environment, assumed);
  return {
    site: site.id,
    name: site.name,
    country: site.country,
    stations: site.stations,
    air,
    capacity,
    devices: figure(count, 'devices', how, uses),
    failuresPerYear: figure(each.value * count, '1/a', `${count} devices x ${each.how}`, each.uses),
  };
}

/** The pilot stands at the first site, and takes what its heat asks for. */
export function pilotDevices(plan: PlanInput, { sites }: Fleet, stations: number, assumed: Assumed): Figure | null {
  const [first] = sites;
  if (first === undefined) return null;
  const cameras = first.capacity.cameras.value;
  const { camerasPerStation } = plan.workload;
  const count =
    plan.pattern === 'fog'
      ? Math.ceil((stations * camerasPerStation) / cameras) + Math.ceil(assumed('fog.standby'))
      : stations * Math.ceil(camerasPerStation / cameras);
  return figure(count, 'devices', `${stations} stations at ${first.name}`, [
    ...first.devices.uses,
    'rollout.pilot-share',
  ]);
}

/** One depot a country: pooled demand needs fewer spares than a shelf at each site. */
function spareStock(country: string, leadDays: number, sites: readonly SiteFleet[], assumed: Assumed): SpareStock {
  const own = sites.filter((site) => site.country === country);
  const yearly = own.reduce((total, site) => total + site.failuresPerYear.value, 0);
  const expected = (yearly * leadDays) / 365;
  const level = assumed('reliability.service-level');
  const uses = [`input:countries.${country}.leadTime`, ...usesOf(own.map((site) => site.failuresPerYear))];
  return {
    country,
    expected: figure(expected, 'failures', `${yearly.toFixed(1)} a year x ${leadDays} / 365 days`, uses),
    stock: figure(
      poissonStock(expected, level),
      'devices',
      `smallest s with P(Poisson(${expected.toFixed(2)}) <= s) >= ${level}`,
      [...uses, 'reliability.service-level'],
    ),
  };
}

/** At the meter, around the clock: devices stay on. The highest power of the target, as it is the one that throttles. */
function energyOf(
  country: string,
  sites: readonly SiteFleet[],
  option: HardwareOption,
  target: TargetFacts,
  assumed: Assumed,
): Figure {
  const devices = sites
    .filter((site) => site.country === country)
    .reduce((total, site) => total + site.devices.value, 0);
  const [watts, uses] = wattsOf(option, target, assumed);
  const overhead = assumed('energy.overhead');
  return figure(
    (devices * watts * overhead * 8760) / 1000,
    'kWh/a',
    `${devices} devices x ${watts} W x ${overhead} x 8760 h`,
    [...uses, 'energy.overhead'],
  );
}

function wattsOf(option: HardwareOption, target: TargetFacts, assumed: Assumed): readonly [number, readonly string[]] {
  if (option.watts !== undefined) return [option.watts.value, [`input:options.${option.target}.watts`]];
  const host = assumed('energy.host');
  if (target.power === null) return [assumed('energy.device') + host, ['energy.device', 'energy.host']];
  return [target.power.maxWatts + host, [`target:${target.id}.power`, 'energy.host']];
}
