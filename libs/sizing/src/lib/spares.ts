import type { Assumed } from './assumptions.js';
import { figure, type Figure } from './figure.js';
import type { HardwareOption, Workload } from './plan-input.js';

const hoursPerYear = 8760;
/** eV / K */
const boltzmann = 8.617_333_262e-5;

/**
 * Smallest stock with P(failures in the lead time <= stock) >= service level, failures being Poisson with that mean. Terms are
 * built up in logarithms, so that a mean of thousands does not underflow.
 */
export function poissonStock(mean: number, serviceLevel: number): number {
  if (!(mean > 0)) return 0;
  const most = Math.ceil(mean + 40 * Math.sqrt(mean) + 40);
  let logTerm = -mean;
  let chance = Math.exp(logTerm);
  for (let stock = 0; stock < most; stock += 1) {
    if (chance >= serviceLevel) return stock;
    logTerm += Math.log(mean) - Math.log(stock + 1);
    chance += Math.exp(logTerm);
  }
  return most;
}

/** Failures at one temperature over those at another: exp(E/k (1/T1 - 1/T2)), T in kelvin (Arrhenius). */
export function arrheniusFactor(activationEv: number, fromCelsius: number, toCelsius: number): number {
  const kelvin = (celsius: number): number => celsius + 273.15;
  return Math.exp((activationEv / boltzmann) * (1 / kelvin(fromCelsius) - 1 / kelvin(toCelsius)));
}

const environmentKeys = { office: null, fixed: 'reliability.fixed', mobile: 'reliability.mobile' } as const;

/** Failures of one device in a year around the clock, at the air temperature of its box. */
export function failuresPerYear(
  option: Pick<HardwareOption, 'target' | 'mtbfHours'>,
  air: Figure,
  environment: Workload['environment'],
  assumed: Assumed,
): Figure {
  const mtbf = option.mtbfHours?.value ?? assumed('reliability.mtbf');
  const key = environmentKeys[environment];
  const surroundings = key === null ? 1 : assumed(key);
  const heat = arrheniusFactor(assumed('reliability.activation'), assumed('reliability.rated'), air.value);
  return figure(
    (hoursPerYear / mtbf) * surroundings * heat,
    '1/a',
    `${hoursPerYear} h / ${mtbf} h x ${surroundings} (${environment}) x ${Number(heat.toPrecision(3))} (Arrhenius, ${assumed('reliability.rated')} to ${air.value} °C)`,
    [
      option.mtbfHours === undefined ? 'reliability.mtbf' : `input:options.${option.target}.mtbfHours`,
      'reliability.activation',
      'reliability.rated',
      ...(key === null ? [] : [key]),
      ...air.uses,
    ],
  );
}
