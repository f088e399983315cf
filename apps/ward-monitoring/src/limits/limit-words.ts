import { type BedLimits, limitRules, signalNames } from './limit-settings.js';

/** Limits that are not the ward's, in words: "SpO2 below 88 %". */
export function ownLimitWords(own: BedLimits, ward: BedLimits): readonly string[] {
  return limitRules
    .filter(({ limit }) => own[limit] !== ward[limit])
    .map(({ parameter, side, limit }) => {
      const { name, unit } = signalNames[parameter];
      return `${name} ${side} ${own[limit]} ${unit}`;
    });
}

/** True where a limit would alarm later than now and later than the ward's: it lets more pass than one person should decide. */
export function widens(next: BedLimits, now: BedLimits, ward: BedLimits): boolean {
  return limitRules.some(({ side, limit }) =>
    side === 'below'
      ? next[limit] < Math.min(now[limit], ward[limit])
      : next[limit] > Math.max(now[limit], ward[limit]),
  );
}
