import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createWardPatient } from '../patient/ward-patient.js';
import { planStory } from '../patient/story-schedule.js';
import { readIcuStays, trendAt } from './icu-stays.js';
import { openStays } from './open-records.js';
import { findBeats, pulseRates, readSignal } from './pulse-recording.js';
import { createStaySource } from './stay-source.js';

const shared = process.env['EDGE_DATA'] ?? join(import.meta.dirname, '../../../../../../../shared/data');
const icu = join(shared, 'icu-vitals');
const ppg = join(shared, 'ppg-ecg', 'data2.csv');

const rows = (lines: readonly string[]): string => ['RecordID,Time,Parameter,Value', ...lines, ''].join('\n');

describe('stays of an intensive care unit', () => {
  const text = rows([
    '132539,00:00,Age,54',
    '132539,00:10,HR,80',
    '132539,01:10,HR,120',
    '132539,02:10,HR,0',
    '132539,00:10,NISysABP,130',
    '132539,00:10,SysABP,110',
    '132539,00:10,SaO2,-1',
    '132539,30:00,GCS,8',
    '132540,00:05,HR,66',
  ]);

  it('become trends between their measurements, arterial line before cuff, without unknown and implausible values', () => {
    const [first, second] = readIcuStays(text, 'set.csv');
    expect(second).toMatchObject({ record: '132540', trends: { pulse: { atS: [300], values: [66] } } });
    expect(first?.implausible).toBe(1);
    expect(first?.trends.systolic?.values).toEqual([110]);
    expect(first?.trends.spo2).toBeUndefined();
    const pulse = first?.trends.pulse ?? { atS: [], values: [] };
    expect([0, 600, 2_400, 4_200, 9_000].map((atS) => trendAt(pulse, atS))).toEqual([80, 80, 100, 120, 120]);
  });

  it('replace the rendered values of a patient; stories still happen on top, and what is not recorded is rendered', () => {
    const [stay] = readIcuStays(text, 'set.csv');
    const patient = createWardPatient({
      seed: 7,
      number: 2,
      dtS: 1,
      startHour: 9,
      stories: [planStory('bed/02/1', 'bradycardia', 700, { riseS: 0, holdS: 60, fallS: 0 })],
      recorded: (rendered) => (stay ? createStaySource(stay, rendered) : rendered),
    });
    const seconds = Array.from({ length: 800 }, (_, s) => patient.step(s * 1_000).vitals);
    expect(seconds[600]).toMatchObject({ pulse: 80, systolic: 110, consciousness: 'P' });
    expect(seconds[730]?.pulse).toBe(33);
    expect(seconds[600]?.spo2).toBeGreaterThan(90);
  });

  it('are refused with their lines when the file is something else', () => {
    expect(() => readIcuStays('a,b\nc,d\n', 'other.csv')).toThrow(/other\.csv: 2 lines are not RecordID.*"a,b"/);
  });

  it.skipIf(!existsSync(icu))('are read from the public set', async () => {
    const stays = await openStays(icu, 40);
    expect(stays).toHaveLength(40);
    for (const { trends } of stays) expect(trends.pulse?.values.length).toBeGreaterThanOrEqual(24);
  });
});

describe('a recorded photoplethysmogram', () => {
  it('gives the pulse that it was made with, and none while it stands still', () => {
    const hz = 50;
    const beat = (t: number): number =>
      Math.exp(-(((t % 0.8) - 0.3) ** 2) / 0.008) + 0.35 * Math.exp(-(((t % 0.8) - 0.55) ** 2) / 0.01);
    const signal = Float64Array.from({ length: 40 * hz }, (_, i) =>
      i < 20 * hz ? 500 + 40 * beat(i / hz) + 0.01 * i : 500,
    );
    const rates = pulseRates(signal, hz);
    expect(rates.slice(8, 19).every((rate) => rate !== null && Math.abs(rate - 75) < 2)).toBe(true);
    expect(rates.slice(30)).toEqual(Array.from({ length: 10 }, () => null));
    expect(findBeats(signal.slice(0, 16 * hz), hz)).toHaveLength(20);
  });

  it('is refused with its lines when it holds no numbers', () => {
    expect(() => readSignal('timer,hr\n1,2\n2,x\n', 'a.csv')).toThrow(
      /a\.csv: 1 numbers, and no number in 1 lines \(3\)/,
    );
  });

  it.skipIf(!existsSync(ppg))('agrees with the pulse published for a public recording', () => {
    const known = pulseRates(readSignal(readFileSync(ppg, 'utf8'), ppg), 116.996).filter((rate) => rate !== null);
    expect(known.length).toBeGreaterThan(80);
    // HeartPy's own example says 62.376 for it.
    expect(Math.abs(known.reduce((sum, rate) => sum + rate, 0) / known.length - 62.376)).toBeLessThan(1);
  });
});
