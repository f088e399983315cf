import type { Assumed } from './assumptions.js';
import { figure, type Figure } from './figure.js';
import type { TargetFacts } from './target-facts.js';

export const enclosures = ['open', 'vented', 'sealed', 'conditioned'] as const;
export type Enclosure = (typeof enclosures)[number];

export interface Surroundings {
  readonly ambientCelsius: number;
  readonly enclosure: Enclosure;
}

export type ThermalCurve =
  | {
      readonly kind: 'slope';
      readonly throttleCelsius: number;
      readonly ratedAmbientCelsius: number;
      /** speed = (power / rated power) ^ exponent */
      readonly exponent: number;
    }
  | {
      readonly kind: 'steps';
      readonly steps: readonly { readonly fromCelsius: number; readonly clockShare: number }[];
      readonly stopCelsius: number | null;
    };

/** Temperature of the air around the device. */
export function airCelsius({ ambientCelsius, enclosure }: Surroundings, assumed: Assumed): Figure {
  if (enclosure === 'conditioned') {
    const set = assumed('thermal.conditioned');
    return figure(set, '°C', 'set point of the conditioned cabinet', ['thermal.conditioned']);
  }
  const key = `thermal.rise-${enclosure}` as const;
  const air = ambientCelsius + assumed(key);
  return figure(air, '°C', `${ambientCelsius} °C ambient + ${assumed(key)} K in a box that is ${enclosure}`, [
    'input:sites',
    key,
  ]);
}

/**
 * Share of the published speed that heat leaves. Slope: sustained power is in proportion to the room between the air and the
 * throttle point, P/P0 = (T_throttle - T_air) / (T_throttle - T_rated), and speed = (P/P0)^exponent. Steps: the last step whose
 * temperature the chip reaches, as it takes one after the other while it stays hot. A target without a curve gets the assumed
 * slope, so that nobody looks cooler for having published nothing.
 */
export function thermalShare(target: Pick<TargetFacts, 'id' | 'thermal'>, air: Figure, assumed: Assumed): Figure {
  const curve = target.thermal ?? {
    kind: 'slope' as const,
    throttleCelsius: assumed('thermal.throttle'),
    ratedAmbientCelsius: assumed('thermal.rated'),
    exponent: assumed('thermal.exponent'),
  };
  const uses = [
    ...(target.thermal === null
      ? ['thermal.throttle', 'thermal.rated', 'thermal.exponent']
      : [`target:${target.id}.thermal`]),
    ...air.uses,
  ];
  if (curve.kind === 'slope') {
    const { throttleCelsius, ratedAmbientCelsius, exponent } = curve;
    const power = Math.max(0, throttleCelsius - air.value) / (throttleCelsius - ratedAmbientCelsius);
    const share = Math.min(1, power ** exponent);
    const how = `((${throttleCelsius} - ${air.value}) / (${throttleCelsius} - ${ratedAmbientCelsius}))^${exponent}, at most 1`;
    return figure(share, 'share', how, uses);
  }
  const chip = air.value + assumed('thermal.junction-rise');
  const taken = curve.steps.filter(({ fromCelsius }) => fromCelsius <= chip).map(({ clockShare }) => clockShare);
  const stopped = curve.stopCelsius !== null && chip >= curve.stopCelsius;
  const share = stopped ? 0 : Math.min(1, ...taken);
  return figure(share, 'share', `slowest clock step at a chip of ${chip} °C`, [...uses, 'thermal.junction-rise']);
}
