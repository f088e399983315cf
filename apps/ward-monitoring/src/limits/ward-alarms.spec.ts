import { expect, it } from 'vitest';
import { alarmConfigSchema } from '../alarms/alarm-config.js';
import { applyInput } from '../alarms/apply-input.js';
import { initialState } from '../alarms/engine-state.js';
import { openWard } from '../testing/open-ward.js';

type Ward = Awaited<ReturnType<typeof openWard>>;

/** Second by second through the engine with its usual delays. @returns `second kind condition` of what it did */
async function live(
  seconds: number,
  each: (ward: Ward, second: number) => void,
  wanted: (condition: string) => boolean,
) {
  const ward = await openWard();
  const config = alarmConfigSchema.parse({});
  let state = initialState('spec');
  const done: string[] = [];
  const apply = (input: Parameters<typeof applyInput>[1]): void => {
    const applied = applyInput(state, input, config);
    state = applied.state;
    for (const { kind, alarm, atMs } of applied.transitions)
      if (alarm !== undefined && wanted(alarm.condition)) done.push(`${atMs / 1_000} ${kind} ${alarm.condition}`);
  };
  for (let second = 0; second < seconds; second += 1) {
    each(ward, second);
    for (const input of ward.heard.splice(0)) apply(input);
    apply({ kind: 'tick', atMs: second * 1_000 });
  }
  return { done, state };
}

const saturation = (condition: string): boolean => condition.startsWith('spo2');

it('a desaturation is watched after 3 s, sounds after 5 s and 15 s, and a short dip does neither', async () => {
  const { done } = await live(
    40,
    ({ healthy }, s) => healthy(s * 1_000, s < 10 || s > 30 ? {} : { oxygenSaturation: 80 }),
    saturation,
  );
  expect(done).toEqual([
    '13 pending spo2-low',
    '13 pending spo2-very-low',
    '15 start spo2-very-low',
    '25 start spo2-low',
  ]);
  const dip = await live(
    40,
    ({ healthy }, s) => healthy(s * 1_000, s === 20 || s === 21 ? { oxygenSaturation: 80 } : {}),
    saturation,
  );
  expect(dip.done).toEqual([]);
});

it('losing the signal in the middle of an alarm never clears it', async () => {
  const { state } = await live(
    120,
    ({ healthy, tick }, s) => (s < 30 ? healthy(s * 1_000, { oxygenSaturation: 80 }) : tick(s * 1_000)),
    saturation,
  );
  expect(
    Object.values(state.alarms)
      .map(({ alarm }) => `${alarm.condition} ${alarm.phase} ${alarm.signalLost}`)
      .sort(),
  ).toEqual(expect.arrayContaining(['data-stale on false', 'spo2-low on true', 'spo2-very-low on true']));
});
