import type { Acvpu, News2Band, News2Input, News2Inputs, SpO2Scale } from '@edge-blueprints/contracts';

/** A complete set of observations with what the chart gives for it. */
export interface News2Vector {
  readonly id: string;
  readonly inputs: News2Inputs;
  /** In the order of the chart. */
  readonly points: readonly number[];
  readonly total: number;
  readonly band: News2Band;
}

/** Name, respiration, SpO2, scale, breathing, systolic, pulse, ACVPU, temperature, points, total, band. Derived from chart 1 by hand. */
const table = `
N01 16 97 1 air 120 70 A 37.0 0000000 0 zero
N02 8 97 1 air 120 70 A 37.0 3000000 3 low-medium
N03 9 97 1 air 120 70 A 37.0 1000000 1 low
N04 11 97 1 air 120 70 A 37.0 1000000 1 low
N05 12 97 1 air 120 70 A 37.0 0000000 0 zero
N06 20 97 1 air 120 70 A 37.0 0000000 0 zero
N07 21 97 1 air 120 70 A 37.0 2000000 2 low
N08 24 97 1 air 120 70 A 37.0 2000000 2 low
N09 25 97 1 air 120 70 A 37.0 3000000 3 low-medium
N10 16 91 1 air 120 70 A 37.0 0300000 3 low-medium
N11 16 92 1 air 120 70 A 37.0 0200000 2 low
N12 16 93 1 air 120 70 A 37.0 0200000 2 low
N13 16 94 1 air 120 70 A 37.0 0100000 1 low
N14 16 95 1 air 120 70 A 37.0 0100000 1 low
N15 16 96 1 air 120 70 A 37.0 0000000 0 zero
N16 16 96 1 O2 120 70 A 37.0 0020000 2 low
N17 16 83 2 air 120 70 A 37.0 0300000 3 low-medium
N18 16 84 2 air 120 70 A 37.0 0200000 2 low
N19 16 86 2 air 120 70 A 37.0 0100000 1 low
N20 16 88 2 air 120 70 A 37.0 0000000 0 zero
N21 16 92 2 air 120 70 A 37.0 0000000 0 zero
N22 16 93 2 air 120 70 A 37.0 0000000 0 zero
N23 16 100 2 air 120 70 A 37.0 0000000 0 zero
N24 16 92 2 O2 120 70 A 37.0 0020000 2 low
N25 16 93 2 O2 120 70 A 37.0 0120000 3 low
N26 16 94 2 O2 120 70 A 37.0 0120000 3 low
N27 16 95 2 O2 120 70 A 37.0 0220000 4 low
N28 16 96 2 O2 120 70 A 37.0 0220000 4 low
N29 16 97 2 O2 120 70 A 37.0 0320000 5 medium
N30 16 83 2 O2 120 70 A 37.0 0320000 5 medium
N31 16 90 2 O2 120 70 A 37.0 0020000 2 low
N32 16 90 1 air 120 70 A 37.0 0300000 3 low-medium
N33 16 97 1 air 90 70 A 37.0 0003000 3 low-medium
N34 16 97 1 air 91 70 A 37.0 0002000 2 low
N35 16 97 1 air 100 70 A 37.0 0002000 2 low
N36 16 97 1 air 101 70 A 37.0 0001000 1 low
N37 16 97 1 air 110 70 A 37.0 0001000 1 low
N38 16 97 1 air 111 70 A 37.0 0000000 0 zero
N39 16 97 1 air 219 70 A 37.0 0000000 0 zero
N40 16 97 1 air 220 70 A 37.0 0003000 3 low-medium
N41 16 97 1 air 120 40 A 37.0 0000300 3 low-medium
N42 16 97 1 air 120 41 A 37.0 0000100 1 low
N43 16 97 1 air 120 50 A 37.0 0000100 1 low
N44 16 97 1 air 120 51 A 37.0 0000000 0 zero
N45 16 97 1 air 120 90 A 37.0 0000000 0 zero
N46 16 97 1 air 120 91 A 37.0 0000100 1 low
N47 16 97 1 air 120 110 A 37.0 0000100 1 low
N48 16 97 1 air 120 111 A 37.0 0000200 2 low
N49 16 97 1 air 120 130 A 37.0 0000200 2 low
N50 16 97 1 air 120 131 A 37.0 0000300 3 low-medium
N51 16 97 1 air 120 70 C 37.0 0000030 3 low-medium
N52 16 97 1 air 120 70 V 37.0 0000030 3 low-medium
N53 16 97 1 air 120 70 P 37.0 0000030 3 low-medium
N54 16 97 1 air 120 70 U 37.0 0000030 3 low-medium
N55 16 97 1 air 120 70 A 35.0 0000003 3 low-medium
N56 16 97 1 air 120 70 A 35.1 0000001 1 low
N57 16 97 1 air 120 70 A 36.0 0000001 1 low
N58 16 97 1 air 120 70 A 36.1 0000000 0 zero
N59 16 97 1 air 120 70 A 38.0 0000000 0 zero
N60 16 97 1 air 120 70 A 38.1 0000001 1 low
N61 16 97 1 air 120 70 A 39.0 0000001 1 low
N62 16 97 1 air 120 70 A 39.1 0000002 2 low
N63 21 95 1 air 105 91 A 38.1 2101101 6 medium
N64 22 94 1 air 120 95 A 37.0 2100100 4 low
N65 22 95 1 O2 110 95 A 37.0 2121100 7 high
N66 24 93 1 O2 100 111 A 38.5 2222201 11 high
N67 25 91 1 O2 90 131 U 35.0 3323333 20 high
N68 25 97 2 O2 220 131 U 35.0 3323333 20 high
N69 28 92 1 O2 95 120 V 38.5 3222231 15 high
N70 18 89 2 O2 128 88 A 36.8 0020000 2 low
`;

export function known<T>(value: T, observation = `test/${String(value)}`): News2Input<T> {
  return { known: true, value, observation, ageMs: 0 };
}

export function completeInputs(
  respiration: string,
  saturation: string,
  scale: SpO2Scale,
  breathing: 'air' | 'oxygen',
  systolic: string,
  pulse: string,
  consciousness: Acvpu,
  temperature: string,
): News2Inputs {
  return {
    scale,
    respiration: known(respiration, 'rr'),
    oxygenSaturation: known(saturation, 'spo2'),
    supplementalOxygen: known(breathing, 'o2'),
    systolic: known(systolic, 'sbp'),
    pulse: known(pulse, 'pulse'),
    consciousness: known(consciousness, 'acvpu'),
    temperature: known(temperature, 'temp'),
  };
}

const levels: Readonly<Record<string, Acvpu>> = { A: 'A', C: 'C', V: 'V', P: 'P', U: 'U' };
const bands: Readonly<Record<string, News2Band>> = {
  zero: 'zero',
  low: 'low',
  'low-medium': 'low-medium',
  medium: 'medium',
  high: 'high',
};

export const news2Vectors: readonly News2Vector[] = table
  .trim()
  .split('\n')
  .map((line) => {
    const [
      id = '',
      rr = '',
      spo2 = '',
      scale,
      air,
      sbp = '',
      pulse = '',
      level = '',
      temp = '',
      points = '',
      total,
      band = '',
    ] = line.split(' ');
    return {
      id,
      inputs: completeInputs(
        rr,
        spo2,
        scale === '2' ? 2 : 1,
        air === 'air' ? 'air' : 'oxygen',
        sbp,
        pulse,
        levels[level] ?? 'A',
        temp,
      ),
      points: [...points].map(Number),
      total: Number(total),
      band: bands[band] ?? 'insufficient',
    };
  });
