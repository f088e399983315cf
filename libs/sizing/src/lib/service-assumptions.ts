import { choice, known, type AssumptionRow } from './assumption-row.js';

const kontron = 'Kontron, manuals of COM Express carriers: 144,767 to 227,731 h at 40 °C (Bellcore, method 1 case 1)';
const digi = 'Telcordia SR-332 issue 4 as quoted in the Digi ConnectCore 8X hardware reference, page 100';

/** Failures, roll-out, operation and money. */
export const serviceAssumptions = {
  'reliability.mtbf': known('mean time between failures of a device', 'h', 190_000, [145_000, 230_000], kontron),
  'reliability.rated': known('temperature at which that mean time holds', '°C', 40, [25, 40], kontron),
  'reliability.activation': known(
    'activation energy of failures (Arrhenius)',
    'eV',
    0.4,
    [0.3, 0.7],
    'NIST/SEMATECH handbook 8.1.5.1: from 0.3 or 0.4 upwards; AMD UG116 takes 0.7 for chips alone',
  ),
  'reliability.fixed': known('failures indoors at a machine over those in an office', 'ratio', 1.2, [1, 1.5], digi),
  'reliability.mobile': known('failures on vehicles over those in an office', 'ratio', 2, [1.5, 4], digi),
  'reliability.service-level': choice(
    'chance that a spare is there when needed',
    'share',
    0.95,
    [0.9, 0.99],
    'the price of a station that stands still decides',
  ),
  'reliability.life': known(
    'years until a device wears out',
    'a',
    5,
    [4, 7],
    'Jetson Orin NX data sheet: 5 years around the clock; forums.developer.nvidia.com/t/367521: wear sets in after them',
  ),
  'rollout.engineering': choice(
    'engineering until the pilot ends',
    'd',
    120,
    [60, 240],
    'integration, model, acceptance',
  ),
  'rollout.site': choice('engineering for each site', 'd', 4, [2, 10], 'survey, network, acceptance'),
  'rollout.installs': choice('stations installed a week, all teams', '1/week', 40, [20, 60], 'two teams of two'),
  'rollout.pilot-share': choice(
    'stations of the pilot, of all',
    'share',
    0.015,
    [0.005, 0.05],
    'kept between 5 and 20 stations, which is a pilot that still can be looked after',
  ),
  'timeline.agree': choice('agree use case and figures', 'week', 2, [1, 4], 'one workshop and its homework'),
  'timeline.survey': choice(
    'survey sites and design',
    'week',
    4,
    [2, 8],
    'heat, light, network and power at each kind of site',
  ),
  'timeline.laboratory': choice(
    'model on the target in the laboratory',
    'week',
    6,
    [3, 12],
    'own pictures, parity, acceptance test',
  ),
  'timeline.pilot': choice(
    'pilot',
    'week',
    10,
    [6, 26],
    'long enough for one quarter of shifts and one software update',
  ),
  'operations.visits': choice('planned visits a site and year', '1/a', 2, [1, 4], 'lenses, filters, calibration'),
  'operations.labels': choice(
    'pictures labelled a year',
    '1/a',
    1828,
    [740, 7300],
    'four times 457: accuracy within 2 % at 95 % (binomial), once a quarter, for one model',
  ),
  'operations.retraining': choice(
    'days a year for retraining and its acceptance',
    'd',
    20,
    [8, 40],
    'two to four rounds',
  ),
  'operations.support': choice(
    'contracts a year, of the price of the devices',
    'share',
    0.08,
    [0.04, 0.15],
    'warranty extension and software maintenance; put your contract here',
  ),
  'cost.discount': choice('discount rate', '1/a', 0, [0, 0.08], 'nominal money unless told otherwise'),
  'cost.price-age': choice(
    'a price is called old after',
    'd',
    180,
    [90, 365],
    'prices of memory moved within months in 2026',
  ),
} as const satisfies Record<string, AssumptionRow>;
