import { createRandom, type News2Input, type News2Inputs } from '@edge-blueprints/contracts';
import { expect, it } from 'vitest';
import { type OracleSet, oracleInterval } from '../../testing/news2-oracle.js';
import { known } from '../../testing/news2-vectors.js';
import { scoreNews2 } from './score-news2.js';

const missing = { known: false, why: 'not-measured' } as const;
const number = (value: number | undefined): News2Input<string> =>
  value === undefined ? missing : known(String(value));

function inputsOf({ scale2, rr, spo2, oxygen, sbp, pulse, alert, temp }: OracleSet): News2Inputs {
  return {
    scale: scale2 ? 2 : 1,
    respiration: number(rr),
    oxygenSaturation: number(spo2),
    supplementalOxygen: oxygen === undefined ? missing : known(oxygen ? 'oxygen' : 'air'),
    systolic: number(sbp),
    pulse: number(pulse),
    consciousness: alert === undefined ? missing : known(alert ? 'A' : 'P'),
    temperature: temp === undefined ? missing : known(`${Math.trunc(temp / 10)}.${temp % 10}`),
  };
}

function differs(set: OracleSet): boolean {
  const { lo, hi } = scoreNews2(inputsOf(set));
  const [low, high] = oracleInterval(set);
  return lo !== low || hi !== high;
}

// "Not known" is one more level of each parameter, so that the product holds each of the 2^7 masks of each combination.
it(
  'agrees with the second encoding on every combination of bands and of missing inputs',
  { timeout: 1_800_000 },
  () => {
    let count = 0;
    let wrong = 0;
    for (const scale2 of [false, true])
      for (const rr of [undefined, 8, 9, 12, 21, 25])
        for (const spo2 of [undefined, 83, 84, 86, 88, 91, 92, 93, 95, 96, 97])
          for (const oxygen of [undefined, false, true])
            for (const sbp of [undefined, 90, 91, 101, 111, 220])
              for (const pulse of [undefined, 40, 41, 51, 91, 111, 131])
                for (const alert of [undefined, true, false])
                  for (const temp of [undefined, 350, 351, 361, 381, 391]) {
                    count += 1;
                    if (differs({ scale2, rr, spo2, oxygen, sbp, pulse, alert, temp })) wrong += 1;
                  }
    expect({ count, wrong }).toEqual({ count: 299_376, wrong: 0 });
  },
);

it('agrees with the second encoding on a million random masked sets', { timeout: 1_800_000 }, () => {
  const random = createRandom(20_17);
  let wrong = 0;
  for (let i = 0; i < 1_000_000; i += 1) {
    const pick = (low: number, high: number): number | undefined =>
      random.next() < 0.2 ? undefined : random.integer(low, high);
    const yes = (): boolean | undefined => (random.next() < 0.2 ? undefined : random.next() < 0.5);
    const set: OracleSet = {
      scale2: random.next() < 0.5,
      rr: pick(1, 80),
      spo2: pick(50, 100),
      oxygen: yes(),
      sbp: pick(30, 300),
      pulse: pick(1, 300),
      alert: yes(),
      temp: pick(250, 450),
    };
    if (differs(set)) wrong += 1;
  }
  expect(wrong).toBe(0);
});
