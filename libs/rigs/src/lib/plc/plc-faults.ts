/** Faults that the PLC process can be told to have. */
export const plcFaultNames = ['gone', 'slow', 'frozen-heartbeat', 'torn-registers', 'wrong-map', 'swap-words'] as const;
export type PlcFaultName = (typeof plcFaultNames)[number];

export interface PlcFaults {
  set(name: PlcFaultName, on: boolean, ms: number | undefined): void;
  on(name: PlcFaultName): boolean;
  /** Parameter of the fault, ms. */
  ms(name: PlcFaultName): number;
  names(): readonly PlcFaultName[];
}

const defaultMs: Readonly<Record<PlcFaultName, number>> = {
  gone: 0,
  slow: 500,
  'frozen-heartbeat': 0,
  'torn-registers': 3,
  'wrong-map': 0,
  'swap-words': 0,
};

export function createPlcFaults(): PlcFaults {
  const active = new Map<PlcFaultName, number>();
  return {
    set: (name, on, ms) => {
      if (on) active.set(name, ms ?? defaultMs[name]);
      else active.delete(name);
    },
    on: (name) => active.has(name),
    ms: (name) => active.get(name) ?? 0,
    names: () => [...active.keys()],
  };
}

/** What a PLC with this fault does to the control block that it is about to show. */
export function spoilControl(words: Uint16Array, faults: PlcFaults, frozenHeartbeat: number): Uint16Array {
  const spoiled = Uint16Array.from(words);
  if (faults.on('frozen-heartbeat')) spoiled[1] = frozenHeartbeat;
  if (faults.on('wrong-map')) spoiled[14] = (spoiled[14] ?? 0) + 1;
  if (faults.on('swap-words')) spoiled.set([words[5] ?? 0, words[4] ?? 0], 4);
  return spoiled;
}

/** A PLC with the wrong word order sees each 32-bit value turned round. The map words are such a value. */
export function spoilStatus(words: ArrayLike<number>, faults: PlcFaults): ArrayLike<number> {
  if (!faults.on('swap-words')) return words;
  const spoiled = Uint16Array.from(words);
  for (const first of [0, 14, 20, 22, 24]) spoiled.set([words[first + 1] ?? 0, words[first] ?? 0], first);
  return spoiled;
}
