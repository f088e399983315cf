/** What the station accepts. */
export const thresholdRange = { least: 0.01, most: 0.99, step: 0.01 } as const;

export function clampThreshold(value: number): number {
  const { least, most } = thresholdRange;
  return Math.round(Math.min(Math.max(value, least), most) * 100) / 100;
}
