import { alarmConditions, type AlarmAct, type AlarmCondition } from '@edge-blueprints/contracts';
import { describe, expect, test } from 'vitest';
import { alarmConfigSchema, ruleOf, type AlarmConfig } from './alarm-config.js';
import type { AlarmTransition } from './alarm-transition.js';
import { applyInput } from './apply-input.js';
import { conditionTable } from './condition-table.js';
import type { Actor, ConditionInput, EngineInput } from './engine-input.js';
import { initialState } from './engine-state.js';

const bed = 'bed/07';
const nurse: Actor = { id: 'n1', role: 'nurse' };
const inCharge: Actor = { id: 'c1', role: 'charge-nurse' };
const physician: Actor = { id: 'p1', role: 'physician' };

/** An engine with a clock that only goes where a test puts it, in seconds. */
function engine(overrides: object = {}) {
  const config: AlarmConfig = alarmConfigSchema.parse(overrides);
  let state = initialState('j');
  let last: readonly AlarmTransition[] = [];
  const take = (input: EngineInput): readonly AlarmTransition[] => {
    const applied = applyInput(state, input, config);
    state = applied.state;
    last = applied.transitions;
    return last;
  };
  return {
    take,
    at: (s: number) => take({ kind: 'tick', atMs: s * 1_000 }),
    sense: (s: number, condition: AlarmCondition, to: ConditionInput['state'], more: Partial<ConditionInput> = {}) =>
      take({ kind: 'condition', atMs: s * 1_000, subject: bed, condition, state: to, text: condition, ...more }),
    act: (s: number, actor: Actor, act: AlarmAct) => take({ kind: 'act', atMs: s * 1_000, actor, act }),
    on: (condition: AlarmCondition, subject = bed) => state.alarms[`${subject} ${condition}`]?.alarm,
    id: (condition: AlarmCondition) => state.alarms[`${bed} ${condition}`]?.alarm.alarmId ?? 'none',
    state: () => state,
  };
}
const words = (transitions: readonly AlarmTransition[]): readonly string[] =>
  transitions.map(({ kind, why }) => (why === undefined ? kind : `${kind} ${why}`));

describe('delays', () => {
  test('count from the first abnormal sample; one that is over earlier was never an alarm', () => {
    const { sense, at } = engine();
    expect(words(sense(10, 'spo2-low', 'true'))).toEqual(['pending']);
    expect(words(sense(19, 'spo2-low', 'false'))).toEqual(['transient over']);
    sense(20, 'spo2-low', 'true', { onsetMs: 16_000 });
    expect(words(at(30.999))).toEqual([]);
    expect(at(33)).toMatchObject([{ kind: 'start', atMs: 31_000, alarm: { conditionMs: 31_000, onsetMs: 16_000 } }]);
  });

  test('motion lengthens them up to a limit and nothing shortens them', () => {
    const { sense, at } = engine();
    sense(0, 'spo2-low', 'true', { delayMs: 30_000 });
    sense(1, 'spo2-low', 'true', { delayMs: 900_000 });
    expect(words(at(59.999))).toEqual([]);
    expect(words(at(60))).toEqual(['start']);
    sense(100, 'pulse-high', 'true', { delayMs: 0 });
    expect(words(at(109.999))).toEqual([]);
  });

  test('a condition whose time passed before it was told of is an alarm at once, with its time to answer from now', () => {
    const { sense, on } = engine();
    expect(words(sense(500, 'spo2-very-low', 'true', { onsetMs: 100_000 }))).toEqual(['start']);
    expect(on('spo2-very-low')?.nextEscalationMs).toBe(560_000);
  });
});

test('a signal that is lost drops what waits and never clears an alarm; a person may, with a reason', () => {
  const { sense, at, act, id, on } = engine();
  sense(0, 'spo2-low', 'true');
  expect(words(sense(5, 'spo2-low', 'unknown'))).toEqual(['transient signal-lost']);
  sense(10, 'spo2-very-low', 'true');
  at(15);
  expect(words(sense(16, 'spo2-very-low', 'unknown'))).toEqual(['update signal-lost']);
  at(10_000);
  expect(on('spo2-very-low')).toMatchObject({ phase: 'on', signalLost: true });
  const alarmId = id('spo2-very-low');
  expect(words(act(10_001, nurse, { act: 'reset', alarmId }))).toEqual(['refused reason-needed']);
  expect(words(act(10_002, nurse, { act: 'reset', alarmId, reason: 'sensor taken off' }))).toEqual([
    'reset',
    'end condition-over',
  ]);
});

test('a model may advise and rise by one step; it neither stands above nor touches a rule alarm', () => {
  const { sense, act, id, on, at } = engine({ conditions: { 'model-advisory': { priority: 'PH' } } });
  sense(0, 'model-advisory', 'true', { priority: 'PH' });
  expect(on('model-advisory')?.priority).toBe('PM');
  sense(0, 'news2-high', 'true');
  sense(1, 'news2-high', 'true', { priority: 'PL' });
  sense(2, 'model-advisory', 'false');
  expect(on('news2-high')).toMatchObject({ priority: 'PH', phase: 'on' });
  sense(3, 'model-advisory', 'true');
  const close = { act: 'reset', alarmId: id('model-advisory'), reason: 'known' } as const;
  expect(words(act(4, inCharge, close))).toEqual(['refused still-active']);
  expect(words(act(5, physician, close))).toEqual(['reset']);
  expect(words(sense(6, 'model-advisory', 'true'))).toEqual([]);
  sense(7, 'model-advisory', 'false');
  expect(words(sense(8, 'model-advisory', 'true'))).toEqual(['start']);
  at(4_000);
});

describe('shelving', () => {
  const shelve = { act: 'shelve', subject: bed, why: 'off-ward', minutes: 60, reason: 'x-ray' } as const;

  test('silences and calls nobody for its time, shows everything, and calls again afterwards', () => {
    const { sense, act, at, on } = engine();
    sense(0, 'no-pulse-or-apnoea', 'true');
    act(1, inCharge, shelve);
    sense(2, 'news2-red', 'true');
    sense(2, 'device-link-lost', 'true');
    expect(on('no-pulse-or-apnoea')).toMatchObject({ phase: 'on', shelvedUntilMs: 3_601_000 });
    expect(on('news2-red')?.nextEscalationMs).toBeUndefined();
    // The link of a device is never shelved.
    expect(on('device-link-lost')).toMatchObject({ nextEscalationMs: 182_000 });
    const back = at(3_601);
    expect(words(back).slice(-3)).toEqual(['unshelve expired', 'reannounce unshelved', 'reannounce unshelved']);
    expect(on('no-pulse-or-apnoea')?.nextEscalationMs).toBe(3_661_000);
  });

  test('has limits, an owner and a reason, and is for beds only', () => {
    const { act } = engine();
    expect(words(act(0, inCharge, { ...shelve, why: 'procedure', minutes: 31 }))).toEqual(['refused too-long']);
    expect(words(act(0, inCharge, { ...shelve, subject: 'ward' }))).toEqual(['refused not-shelvable']);
    expect(words(act(0, nurse, shelve))).toEqual(['refused not-permitted']);
    expect(act(0, inCharge, shelve)).toMatchObject([
      { kind: 'shelve', actor: inCharge, why: 'off-ward', words: 'x-ray' },
    ]);
    expect(words(act(1, physician, shelve))).toEqual(['refused already-shelved']);
  });

  test('nothing that tells of ward, links or missing staff can be shelved', () => {
    const never = alarmConditions.filter((condition) => !conditionTable[condition].shelvable);
    expect(never).toEqual(
      expect.arrayContaining([
        'device-link-lost',
        'broker-lost',
        'station-lost',
        'audit-failed',
        'clock-unsynchronised',
        'overload',
        'no-responsible-person',
      ]),
    );
  });
});

test('50 beds within a second: high priority stands singly and first, the others share a banner, none is lost', () => {
  const { take, state, at } = engine();
  const starts: AlarmTransition[] = [];
  for (let i = 0; i < 50; i += 1) {
    const condition = i % 5 === 0 ? 'no-pulse-or-apnoea' : 'fall';
    starts.push(
      ...take({
        kind: 'condition',
        atMs: 1_000 + i * 20,
        subject: `bed/${i}`,
        condition,
        state: 'true',
        text: condition,
      }),
    );
  }
  const singles = starts.filter(({ kind, grouped }) => kind === 'start' && grouped === undefined);
  expect(Object.keys(state().alarms)).toHaveLength(50);
  expect(singles.filter(({ alarm }) => alarm?.priority === 'PH')).toHaveLength(10);
  expect(starts.filter(({ grouped, alarm }) => grouped && alarm?.priority === 'PH')).toEqual([]);
  expect(starts.filter(({ grouped }) => grouped)).toHaveLength(32);
  expect(words(at(11.779).filter(({ kind }) => kind === 'flood-end'))).toEqual([]);
  expect(words(at(11.78).filter(({ kind }) => kind === 'flood-end'))).toEqual(['flood-end']);
});

test('a pause of the sound ends by itself, for a new alarm, and when the priority rises', () => {
  const { sense, act, at, on } = engine();
  sense(0, 'fall', 'true');
  act(1, nurse, { act: 'pause-audio', subject: bed, seconds: 120 });
  sense(2, 'news2-red', 'true');
  expect([on('fall')?.audioPausedUntilMs, on('news2-red')?.audioPausedUntilMs]).toEqual([121_000, undefined]);
  expect(words(at(121))).toEqual(['resume']);
  act(130, nurse, { act: 'pause-audio', subject: bed, seconds: 60 });
  expect(words(sense(131, 'fall', 'true', { priority: 'PH' }))).toEqual(['escalate priority']);
  expect(on('fall')?.audioPausedUntilMs).toBeUndefined();
});

test('time that seems to run back counts as now: nothing fires early, late or twice', () => {
  const { sense, at, take } = engine();
  sense(100, 'spo2-low', 'true');
  expect(words(at(40))).toEqual([]);
  expect(
    words(take({ kind: 'condition', atMs: 50_000, subject: bed, condition: 'fall', state: 'true', text: 'fall' })),
  ).toEqual(['start']);
  expect(words(at(114.999))).toEqual([]);
  expect(words(at(115))).toEqual(['start']);
  expect(words(at(115))).toEqual([]);
});

test('too many alarms become one of the ward; high priority still comes through, and it ends when there is room', () => {
  const { take, on } = engine({ mostAlarms: 10 });
  const link = (i: number, state: 'true' | 'false') =>
    take({
      kind: 'condition',
      atMs: 1_000,
      subject: `device/d-${i}`,
      condition: 'unassigned-device',
      state,
      text: 'x',
    });
  for (let i = 0; i < 15; i += 1) link(i, 'true');
  expect(on('overload', 'ward')?.phase).toBe('on');
  expect(
    words(take({ kind: 'condition', atMs: 2_000, subject: bed, condition: 'news2-high', state: 'true', text: 'x' })),
  ).toContain('start');
  for (let i = 0; i < 5; i += 1) link(i, 'false');
  expect(on('overload', 'ward')).toBeUndefined();
});

test('configuration can make the engine stricter, never laxer, in priority and latching', () => {
  const config = alarmConfigSchema.parse({
    conditions: { 'news2-high': { priority: 'PL' }, 'spo2-low': { priority: 'PH', delayMs: 10_000 } },
    subjects: { [bed]: { 'spo2-low': { delayMs: 20_000 } } },
  });
  expect(ruleOf(config, bed, 'news2-high')).toMatchObject({ priority: 'PH', latching: true });
  expect(ruleOf(config, 'bed/08', 'spo2-low')).toMatchObject({ priority: 'PH', delayMs: 10_000, latching: true });
  expect(ruleOf(config, bed, 'spo2-low').delayMs).toBe(20_000);
  expect(() =>
    alarmConfigSchema.parse({ shelving: { procedureMinutes: 31 }, conditions: { 'no-such': {} } }),
  ).toThrow();
});
