import type { Acvpu } from '@edge-blueprints/contracts';
import { mind, pull } from '../patient/physiology.js';
import type { VitalsSource } from '../patient/true-vitals.js';
import { trendAt, type IcuStay, type StaySignal } from './icu-stays.js';

/** Stays are recorded for two days; then they begin again. */
const lengthS = 48 * 3_600;

/** Enough of a trend that somebody can follow it. */
export const isFollowable = ({ trends }: IcuStay): boolean =>
  (trends.pulse?.values.length ?? 0) >= 24 && (trends.respiration?.values.length ?? 0) >= 12;

/**
 * True values of a recorded stay; signals that the stay lacks are the rendered ones. Levels of consciousness from the Glasgow
 * coma scale: 15 alert, 14 confused, 9 to 13 voice, 4 to 8 pain, 3 unresponsive (chosen; there is no exact translation).
 * Oxygen is given when the recorded fraction is above 0.22.
 */
export function createStaySource({ trends }: IcuStay, rendered: VitalsSource): VitalsSource {
  return {
    step(atS, hour, activity, stories) {
      const base = rendered.step(atS, hour, activity, stories);
      const t = atS % lengthS;
      const recorded = (signal: StaySignal): number | undefined => {
        const trend = trends[signal];
        return trend === undefined ? undefined : trendAt(trend, t);
      };
      const of = (signal: 'pulse' | 'spo2' | 'respiration' | 'systolic' | 'temperature'): number => {
        const value = recorded(signal);
        return value === undefined ? base[signal] : pull(signal, value, stories, atS);
      };
      const gcs = recorded('gcs');
      const told = mind(stories, atS);
      return {
        pulse: of('pulse'),
        spo2: of('spo2'),
        respiration: of('respiration'),
        systolic: of('systolic'),
        diastolic: recorded('diastolic') ?? base.diastolic,
        temperature: of('temperature'),
        consciousness: told.consciousness !== 'A' || gcs === undefined ? told.consciousness : ofComaScale(gcs),
        irregular: told.irregular,
        oxygen: trends.fio2 === undefined ? base.oxygen : trendAt(trends.fio2, t) > 0.22 ? 'oxygen' : 'air',
      };
    },
  };
}

function ofComaScale(gcs: number): Acvpu {
  const points = Math.round(gcs);
  return points >= 15 ? 'A' : points === 14 ? 'C' : points >= 9 ? 'V' : points >= 4 ? 'P' : 'U';
}
