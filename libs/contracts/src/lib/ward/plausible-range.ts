/**
 * What a person can have, both ends included: /min, %, mmHg, /min, degrees Celsius. Wider than usual ranges on purpose: true extremes
 * must not vanish. Nothing outside is scored or clamped; it is refused and asked for again.
 */
export const news2PlausibleRange = {
  respiration: [0, 80],
  oxygenSaturation: [50, 100],
  systolic: [30, 300],
  pulse: [0, 300],
  temperature: [25, 45],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;
