/** Observations as whole numbers, temperature in tenths of a degree; undefined is not known. */
export interface OracleSet {
  readonly scale2: boolean;
  readonly rr?: number | undefined;
  readonly spo2?: number | undefined;
  readonly oxygen?: boolean | undefined;
  readonly sbp?: number | undefined;
  readonly pulse?: number | undefined;
  readonly alert?: boolean | undefined;
  readonly temp?: number | undefined;
}

/** The chart written a second time, as conditions from the middle outwards, so that one slip cannot be in both. */
export function oraclePoints(name: keyof Omit<OracleSet, 'scale2'>, set: Required<OracleSet>): number {
  const { rr, spo2, oxygen, sbp, pulse, alert, temp } = set;
  if (rr === undefined || spo2 === undefined || sbp === undefined || pulse === undefined || temp === undefined)
    return NaN;
  switch (name) {
    case 'rr':
      return rr > 24 || rr < 9 ? 3 : rr > 20 ? 2 : rr < 12 ? 1 : 0;
    case 'spo2':
      if (set.scale2) {
        if (spo2 > 92) return oxygen === true ? (spo2 > 96 ? 3 : spo2 > 94 ? 2 : 1) : 0;
        return spo2 > 87 ? 0 : spo2 > 85 ? 1 : spo2 > 83 ? 2 : 3;
      }
      return spo2 > 95 ? 0 : spo2 > 93 ? 1 : spo2 > 91 ? 2 : 3;
    case 'oxygen':
      return oxygen === true ? 2 : 0;
    case 'sbp':
      return sbp > 219 || sbp < 91 ? 3 : sbp > 110 ? 0 : sbp > 100 ? 1 : 2;
    case 'pulse':
      return pulse > 130 || pulse < 41 ? 3 : pulse > 110 ? 2 : pulse > 90 || pulse < 51 ? 1 : 0;
    case 'alert':
      return alert === true ? 0 : 3;
    case 'temp':
      return temp < 351 ? 3 : temp > 390 ? 2 : temp < 361 || temp > 380 ? 1 : 0;
  }
}

/** One value of every band of a parameter is enough to try everything that it may be. */
const representatives = {
  rr: [5, 10, 16, 22, 30],
  spo2: [80, 84, 86, 90, 92, 93, 94, 95, 96, 99],
  oxygen: [false, true],
  sbp: [80, 95, 105, 150, 230],
  pulse: [30, 45, 70, 100, 120, 150],
  alert: [true, false],
  temp: [340, 355, 370, 385, 400],
} as const;

/** [least, most] total, by enumerating what the unknown ones may be: oxygen and saturation jointly, the rest is separate. */
export function oracleInterval(set: OracleSet): readonly [number, number] {
  const filled: Required<OracleSet> = {
    scale2: set.scale2,
    rr: 16,
    spo2: 97,
    oxygen: false,
    sbp: 120,
    pulse: 70,
    alert: true,
    temp: 370,
  };
  const joint = (set.spo2 === undefined ? representatives.spo2 : [set.spo2]).flatMap((spo2) =>
    (set.oxygen === undefined ? representatives.oxygen : [set.oxygen]).map((oxygen) => {
      const world = { ...filled, spo2, oxygen };
      return oraclePoints('spo2', world) + oraclePoints('oxygen', world);
    }),
  );
  let lo = Math.min(...joint);
  let hi = Math.max(...joint);
  for (const name of ['rr', 'sbp', 'pulse', 'alert', 'temp'] as const) {
    const values: readonly (number | boolean)[] = set[name] === undefined ? representatives[name] : [set[name]];
    const points = values.map((value) => oraclePoints(name, { ...filled, [name]: value }));
    lo += Math.min(...points);
    hi += Math.max(...points);
  }
  return [lo, hi];
}
