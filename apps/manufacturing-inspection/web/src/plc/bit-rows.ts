/** Bit order of the control and status words in the register map. */
export const controlBits = [
  'TRIGGER_ENABLE',
  'TRIGGER',
  'RESULT_ACK',
  'BUFFER_ENABLE',
  'CLEAR_ERROR',
  'GO_ONLINE',
  'RECIPE_REQ',
  'GOLDEN_REQ',
  'TIME_STROBE',
  'BYPASS_REQ',
] as const;

export const statusBits = [
  'ONLINE',
  'TRIGGER_READY',
  'TRIGGER_ACK',
  'BUSY',
  'RESULT_VALID',
  'RESULT_OVERRUN',
  'MISSED_TRIGGER',
  'ERROR',
  'GOLDEN_DUE',
  'GOLDEN_FAILED',
  'DEGRADED',
  'LIGHT_FAULT',
  'STORE_FULL',
  'SIMULATED',
  'BYPASSED',
  'CLOCK_UNSYNC',
] as const;

const abnormal: ReadonlySet<string> = new Set([
  'BYPASS_REQ',
  'RESULT_OVERRUN',
  'MISSED_TRIGGER',
  'ERROR',
  'GOLDEN_DUE',
  'GOLDEN_FAILED',
  'DEGRADED',
  'LIGHT_FAULT',
  'STORE_FULL',
  'BYPASSED',
  'CLOCK_UNSYNC',
]);

export interface BitRow {
  readonly name: string;
  readonly set: boolean;
  /** Set and not part of a healthy handshake. */
  readonly abnormal: boolean;
}

const normalise = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[\s-]+/g, '_')
    .toUpperCase();

/** Every known bit in its fixed place, then set bits that this page does not know. */
export function bitRows(known: readonly string[], setNames: readonly string[]): readonly BitRow[] {
  const set = new Set(setNames.map(normalise));
  const unknown = [...set].filter((name) => !known.includes(name)).sort();
  return [...known, ...unknown].map((name) => ({
    name,
    set: set.has(name),
    abnormal: set.has(name) && abnormal.has(name),
  }));
}
