import { type AlarmCondition, type AlarmSnapshot, createRandom } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { bed, nurse, openWard } from '../testing/open-ward.js';

const still = Array.from({ length: 25 }, () => [0, 0, 1]).flat();
const shaking = (seed: number): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: 75 }, (_, i) => (i % 3 === 2 ? 1 : 0) + 0.15 * random.normal());
};

describe('a bed', () => {
  it('says nothing while all is well, second after second', async () => {
    const { healthy, said } = await openWard();
    for (let s = 0; s < 60; s += 1) healthy(s * 1_000);
    expect(said(() => true)).toEqual([]);
  });

  it('asks for more time while the patient moves, and never stays silent', async () => {
    const { vital, acceleration, heard } = await openWard();
    for (let s = 0; s < 20; s += 1) {
      acceleration(s * 1_000, shaking(s));
      vital('oxygenSaturation', 86, s * 1_000);
      vital('pulse', 135, s * 1_000);
    }
    expect(heard.find(({ condition }) => condition === 'spo2-low')).toMatchObject({
      state: 'true',
      onsetMs: 0,
      delayMs: 30_000,
      subject: bed,
    });
    expect(heard.find(({ condition }) => condition === 'pulse-high')).toMatchObject({ state: 'true', delayMs: 30_000 });
  });

  it('keeps what was abnormal when the signal is lost: lead off, then silence', async () => {
    const { vital, tick, said } = await openWard();
    for (let s = 0; s <= 20; s += 1) vital('oxygenSaturation', 80, s * 1_000);
    vital('oxygenSaturation', undefined, 21_000, { status: ['lead-off'] });
    for (let s = 22; s < 60; s += 1) tick(s * 1_000);
    expect(said()).toEqual([
      'spo2-low true',
      'spo2-very-low true',
      'lead-off true',
      'spo2-low unknown',
      'spo2-very-low unknown',
      'data-stale true',
    ]);
  });

  it('M22: tells of silence after 30 s, once, and not while the broker or the link is known to be lost', async () => {
    const { healthy, tick, said, state } = await openWard();
    healthy(0);
    for (let s = 1; s < 40; s += 1) tick(s * 1_000);
    expect(said()).toEqual(['data-stale true']);
    tick(41_000, true);
    state({ online: false }, 42_000);
    tick(43_000);
    state({ online: true }, 44_000);
    healthy(44_000);
    expect(said()).toEqual(['data-stale true', 'data-stale false', 'device-link-lost true', 'device-link-lost false']);
  });

  it('M16, M17: what is implausible is a sensor fault, never a score and never dropped in silence', async () => {
    const { vital, healthy, said, desk } = await openWard();
    vital('oxygenSaturation', 0, 0, { quality: 30 });
    expect(said()).toEqual(['sensor-fault true']);
    expect(desk.score(bed, 0)?.score?.subScores[1]).toMatchObject({ missing: 'implausible', lo: 0, hi: 3 });
    vital('oxygenSaturation', 101, 1_000);
    healthy(2_000);
    expect(said()).toEqual(['sensor-fault true', 'sensor-fault true', 'sensor-fault false']);
  });

  it('M21: no pulse with a good signal is an alarm of its own and no score; a probe that is off does not end it', async () => {
    const { vital, said, desk } = await openWard();
    for (let s = 0; s < 4; s += 1) vital('pulse', 0, s * 1_000);
    vital('pulse', undefined, 4_000, { status: ['lead-off'] });
    expect(said()).toEqual(['no-pulse-or-apnoea true', 'pulse-low true', 'lead-off true', 'pulse-low unknown']);
    expect(desk.score(bed, 3_500)?.score?.subScores[4]?.missing).toMatch(/no-pulse|lead-off/);
    vital('pulse', 60, 5_000);
    expect(said().slice(4)).toEqual(['lead-off false', 'no-pulse-or-apnoea false']);
  });

  it('M27: test and demo samples are neither scored nor alarmed', async () => {
    const { vital, said, desk } = await openWard();
    for (let s = 0; s < 40; s += 1) vital('pulse', 200, s * 1_000, { status: ['test'] });
    expect(said()).toEqual([]);
    expect(desk.score(bed, 39_000)?.score?.subScores[4]).toMatchObject({ missing: 'test-data' });
  });

  it('M28: tells of a wrong device clock', async () => {
    const { vital, said } = await openWard();
    vital('pulse', 70, 0, { deviceClock: 'ignored' });
    vital('pulse', 70, 1_000, { deviceClock: 'good' });
    expect(said()).toEqual(['clock-unsynchronised true', 'clock-unsynchronised false']);
  });

  it('tells of a signal that cannot be used, a low and a critical battery', async () => {
    const { vital, state, said } = await openWard();
    for (let s = 0; s <= 25; s += 1) vital('pulse', 70, s * 1_000, { quality: 5 });
    vital('pulse', 70, 26_000);
    state({ batteryPercent: 20 }, 27_000);
    state({ batteryPercent: 5 }, 28_000);
    state({ batteryPercent: 100 }, 29_000);
    expect(said()).toEqual([
      'signal-unusable true',
      'signal-unusable false',
      'battery-low true',
      'battery-critical true',
      'battery-low false',
      'battery-critical false',
    ]);
  });

  it('a fall is a shock and then 30 s of stillness; who moves again did not fall', async () => {
    const { acceleration, heard } = await openWard();
    const shock = [...still];
    shock[32] = 4;
    acceleration(0, shock);
    for (let s = 1; s < 10; s += 1) acceleration(s * 1_000, still);
    for (let s = 10; s < 60; s += 1) acceleration(s * 1_000, s === 10 ? shaking(1) : still);
    expect(heard).toEqual([]);
    acceleration(100_000, shock);
    for (let s = 101; s < 140; s += 1) acceleration(s * 1_000, still);
    expect(heard).toMatchObject([{ condition: 'fall', state: 'true', text: expect.stringContaining('4.0 g') }]);
    expect(heard[0]?.onsetMs).toBeLessThanOrEqual(100_000);
  });

  it('what a device replays never sounds: one note of what was missed', async () => {
    const { healthy, vital, said, heard } = await openWard();
    healthy(0);
    for (let s = 1; s < 400; s += 1)
      vital('oxygenSaturation', 80, s * 1_000, { order: 'replayed', receivedMs: 600_000 });
    expect(said()).toEqual(['missed-during-outage true']);
    expect(heard.at(-1)?.text).toContain('spo2-very-low');
  });

  it('two sensors that disagree about the pulse for 10 s are a fault of a sensor', async () => {
    const { book, vital, said } = await openWard();
    await book.associate('w-2', bed, nurse, 0);
    for (let s = 0; s <= 12; s += 1) {
      vital('pulse', 70, s * 1_000);
      vital('pulse', 95, s * 1_000 + 100, { device: 'w-2' });
    }
    expect(said()).toEqual(['sensor-fault true']);
  });

  it('starts afresh with a new patient, also in its limits', async () => {
    const { desk, vital, tick, said, limits } = await openWard();
    const physician = { id: 'p', role: 'physician' } as const;
    expect(await limits.set(bed, { saturationLowPercent: 92 }, 'fibrosis', nurse)).toMatchObject({ why: 'role' });
    expect(await limits.set(bed, { saturationVeryLowPercent: 95 }, 'x', physician)).toMatchObject({ why: 'input' });
    await limits.set(bed, { saturationLowPercent: 92 }, 'fibrosis', physician);
    tick(0);
    for (let s = 0; s <= 20; s += 1) vital('oxygenSaturation', 91, s * 1_000);
    await desk.startPatient(bed, { ageYears: 50, pregnant: false }, nurse, 21_000);
    tick(21_000);
    for (let s = 22; s <= 40; s += 1) vital('oxygenSaturation', 91, s * 1_000);
    expect(said()).toEqual(['spo2-low true', 'spo2-low false']);
  });

  it('after a restart, what the engine holds ends by samples, by its time, and not by silence', async () => {
    const before = await openWard({ watch: { clearAfterMs: 10_000 } });
    const held = (condition: AlarmCondition): AlarmSnapshot => ({
      alarmId: condition,
      subject: bed,
      condition,
      type: condition === 'battery-low' ? 'ST' : 'SP',
      priority: 'PM',
      phase: 'on',
      latching: false,
      onsetMs: 0,
      signalLost: false,
      responsibility: 'undefined',
      step: 0,
      text: condition,
    });
    before.watch.adopt(
      (['spo2-low', 'pulse-high', 'news2-red', 'no-pulse-or-apnoea', 'battery-low'] as const).map(held),
      0,
    );
    for (let s = 1; s < 40; s += 1) before.tick(s * 1_000);
    expect(before.said(() => true)).toEqual(['news2-red unknown', 'data-stale true', 'battery-low false']);
    for (let s = 40; s < 60; s += 1) before.healthy(s * 1_000, { oxygenSaturation: 88 });
    expect(before.said(() => true).slice(3)).toEqual([
      'spo2-low true',
      'data-stale false',
      'no-pulse-or-apnoea false',
      'news2-red true',
      'pulse-high false',
    ]);
    expect(before.watch.open(bed)).toEqual(['spo2-low', 'news2-red']);
  });

  it('a device at no bed is told of once, until somebody brings it to one', async () => {
    const { book, vital, tick, heard } = await openWard();
    vital('pulse', 70, 0, { device: 'w-9' });
    vital('pulse', 70, 1_000, { device: 'w-9' });
    await book.associate('w-9', 'bed/09', nurse, 2_000);
    tick(2_000);
    expect(heard.filter(({ subject }) => subject === 'device/w-9').map(({ state }) => state)).toEqual([
      'true',
      'false',
    ]);
  });
});

describe('NEWS2 of a bed', () => {
  const news2 = (condition: string): boolean => condition.startsWith('news2');
  const whole = { breathing: 'air', systolicMmHg: '120', consciousness: 'A', temperatureCelsius: '37.0' };

  it('tells one condition at a time as the score rises, and eight minutes after it fell', async () => {
    const { desk, healthy, said } = await openWard({ news2: { redAfterMs: 0 } });
    await desk.record(bed, whole, nurse, 0);
    healthy(0);
    healthy(1_000, { pulse: 95 });
    healthy(2_000, { respiration: 25 });
    healthy(3_000, { respiration: 25, oxygenSaturation: 93 });
    healthy(4_000, { respiration: 25, oxygenSaturation: 93, pulse: 115 });
    for (let s = 5; s < 485; s += 1) healthy(s * 1_000);
    expect(said(news2).at(-1)).toBe('news2-high true');
    healthy(485_000);
    expect([...new Set(said(news2))]).toEqual([
      'news2-low-change true',
      'news2-low-change false',
      'news2-red true',
      'news2-red false',
      'news2-medium true',
      'news2-medium false',
      'news2-high true',
      'news2-high false',
    ]);
  });

  it('tells of a red parameter after a minute, and not while a limit of the same signal tells already', async () => {
    const { desk, healthy, said } = await openWard();
    await desk.record(bed, whole, nurse, 0);
    for (let s = 0; s <= 60; s += 1) healthy(s * 1_000, { respiration: 25 });
    expect(said(news2)).toEqual(['news2-low-change true', 'news2-low-change false', 'news2-red true']);
    const other = await openWard();
    await other.desk.record(bed, whole, nurse, 0);
    for (let s = 0; s <= 120; s += 1) other.healthy(s * 1_000, { respiration: 26 });
    expect(other.said(() => true).sort()).toEqual(['news2-low-change true', 'respiration-high true']);
    // Within the limit for a minute again, and still red.
    for (let s = 121; s <= 190; s += 1) other.healthy(s * 1_000, { respiration: 25 });
    expect(other.said(news2).at(-1)).toBe('news2-red true');
  });

  it('waits five minutes with a rise of the score while the patient walks, and no longer', async () => {
    const { desk, healthy, acceleration, said } = await openWard();
    await desk.record(bed, whole, nurse, 0);
    const walking = { pulse: 115, respiration: 22, oxygenSaturation: 95 };
    const live = (fromS: number, toS: number, isWalking: boolean): void => {
      for (let s = fromS; s < toS; s += 1) {
        acceleration(s * 1_000, isWalking ? shaking(1) : still);
        healthy(s * 1_000, isWalking ? walking : {});
      }
    };
    live(0, 150, true);
    live(150, 250, false);
    expect(said(news2)).toEqual([]);
    live(250, 549, true);
    expect(said(news2)).toEqual([]);
    live(549, 552, true);
    expect(said(news2)).toEqual(['news2-medium true']);
  });

  describe('five points that were told', () => {
    const settings = { news2: { lowerAfterMs: 0, lowAfterMs: 0, answeredMs: 600_000 } };
    const five = { pulse: 115, respiration: 22, oxygenSaturation: 95 };
    const four = { pulse: 95, respiration: 22, oxygenSaturation: 95 };
    const mediums = (said: (filter: typeof news2) => string[]): number =>
      said((one) => one === 'news2-medium').filter((word) => word === 'news2-medium true').length;

    const told = async (isAnswered: () => boolean) => {
      const ward = await openWard(
        settings,
        (at, condition) => at === bed && condition === 'news2-medium' && isAnswered(),
      );
      await ward.desk.record(bed, whole, nurse, 0);
      ward.healthy(0, five);
      ward.healthy(10_000, four);
      expect(mediums(ward.said)).toBe(1);
      return ward;
    };

    it('and acknowledged are shown and not told when they come back within the time, and told after it', async () => {
      const { healthy, said, heard } = await told(() => true);
      healthy(20_000, five);
      expect(said(news2).at(-1)).toBe('news2-low-change true');
      expect(heard.findLast(({ condition }) => condition === 'news2-low-change')?.text).toContain('answered before');
      healthy(599_000, five);
      expect(mediums(said)).toBe(1);
      healthy(600_000, five);
      expect(mediums(said)).toBe(2);
    });

    it('are shown even where the score was nothing in between', async () => {
      const { healthy, said } = await told(() => true);
      healthy(15_000);
      healthy(20_000, five);
      expect(said(news2).at(-1)).toBe('news2-low-change true');
      expect(mediums(said)).toBe(1);
    });

    it('are told again when nobody acknowledged them, or not the last time', async () => {
      let isAnswered = false;
      const { healthy, said } = await told(() => isAnswered);
      healthy(20_000, five);
      expect(mediums(said)).toBe(2);
      isAnswered = true;
      healthy(30_000, four);
      healthy(40_000, five);
      expect(mediums(said)).toBe(2);
      isAnswered = false;
      healthy(700_000, five);
      healthy(710_000, four);
      healthy(720_000, five);
      expect(mediums(said)).toBe(4);
    });

    it('are told at once when points that were told one after the other come together', async () => {
      const { healthy, said } = await told(() => true);
      healthy(610_000, five);
      healthy(620_000, { pulse: 95, respiration: 22, oxygenSaturation: 93 });
      healthy(630_000, four);
      healthy(635_000, five);
      expect(said(news2).at(-1)).toBe('news2-low-change true');
      healthy(640_000, { pulse: 115, respiration: 22, oxygenSaturation: 93 });
      expect(said(news2).at(-1)).toBe('news2-medium true');
    });

    it.each([
      ['a parameter has more points than then', { pulse: 95, respiration: 16, oxygenSaturation: 91 }, 'news2-red'],
      [
        'the total is the same from another parameter',
        { pulse: 95, respiration: 22, oxygenSaturation: 93 },
        'news2-medium',
      ],
      ['it is one more', { pulse: 115, respiration: 22, oxygenSaturation: 93 }, 'news2-medium'],
      ['it is seven', { pulse: 115, respiration: 25, oxygenSaturation: 93 }, 'news2-high'],
    ])('are told at once when %s', async (_what, signals, condition) => {
      const { healthy, said } = await told(() => true);
      healthy(20_000, signals);
      healthy(81_000, signals);
      expect(said(news2).at(-1)).toBe(`${condition} true`);
    });
  });

  it('lets a limit that sounds speak first, five minutes long, and never waits with seven', async () => {
    const { desk, healthy, said } = await openWard();
    await desk.record(bed, whole, nurse, 0);
    const fast = { pulse: 135 };
    for (let s = 0; s < 20; s += 1) healthy(s * 1_000, fast);
    for (let s = 20; s < 320; s += 1) healthy(s * 1_000, { ...fast, respiration: 22 });
    expect(new Set(said(() => true))).toEqual(new Set(['news2-low-change true', 'pulse-high true']));
    healthy(320_000, { ...fast, respiration: 22 });
    expect(said(news2).at(-1)).toBe('news2-medium true');
    const other = await openWard();
    await other.desk.record(bed, whole, nurse, 0);
    for (let s = 0; s < 60; s += 1) other.healthy(s * 1_000, fast);
    other.healthy(60_000, { ...fast, respiration: 22, oxygenSaturation: 93 });
    expect(other.said(news2).at(-1)).toBe('news2-high true');
  });

  it('is not better because an input is not known any more', async () => {
    const { desk, healthy, vital, tick, said } = await openWard({ news2: { lowerAfterMs: 0, lowAfterMs: 0 } });
    await desk.record(bed, whole, nurse, 0);
    healthy(0, { pulse: 135, oxygenSaturation: 93 });
    for (let s = 1; s < 40; s += 1) {
      vital('pulse', 70, s * 1_000);
      vital('respiration', 16, s * 1_000);
      tick(s * 1_000);
    }
    // SpO2 is silent since 0 s: its 2 points are carried, so that only the pulse got better.
    expect(said(news2)).toEqual([
      'news2-medium true',
      'news2-medium false',
      'news2-low-change true',
      'news2-low-change unknown',
    ]);
  });

  it('acts on what is certain while the manual set is missing, and asks for it', async () => {
    const { healthy, said, heard } = await openWard();
    healthy(0, { pulse: 135, oxygenSaturation: 90, respiration: 26 });
    expect(said(news2)).toEqual(['news2-high true']);
    expect(heard.find(({ condition }) => condition === 'news2-high')?.text).toContain('NEWS2 9 to 20 (incomplete)');
    healthy(3_600_000, { pulse: 135, oxygenSaturation: 90, respiration: 26 });
    expect(said((one) => one === 'observation-overdue')).toEqual(['observation-overdue true']);
  });
});
