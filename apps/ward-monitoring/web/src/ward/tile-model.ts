import type { AlarmPriority, AlarmSnapshot, BedView } from '@edge-blueprints/contracts';
import { scoreTone, intervalText } from '../score/interval-text.js';
import type { BandTone } from '../score/interval-text.js';
import { strings } from '../strings.js';
import { shownReading } from './reading-text.js';
import type { ReadingName, ShownReading } from './reading-text.js';
import { sparklinePath } from './sparkline-path.js';
import { compareAlarms, isCalling, urgencyOf } from './urgency.js';

/** Everything that one tile shows, and nothing else: equal models are not drawn again. */
export interface TileModel {
  readonly bed: string;
  readonly label: string;
  readonly urgency: number;
  readonly alarm: {
    readonly priority: AlarmPriority;
    readonly technical: boolean;
    readonly calling: boolean;
    readonly title: string;
    /** Acknowledged, taken by whom, signal lost. */
    readonly note: string;
    readonly more: number;
  } | null;
  readonly score: {
    readonly text: string;
    readonly tone: BandTone;
    readonly word: string;
    readonly scale2: boolean;
  } | null;
  readonly noScore: string;
  /** Beyond a limit, not yet an alarm. */
  readonly waiting: string;
  readonly readings: readonly ShownReading[];
  readonly trend: string;
  readonly device: string;
  readonly deviceAsks: boolean;
  readonly notes: readonly string[];
  readonly shelved: boolean;
  /** The model as text: two tiles with the same key look the same. */
  readonly key: string;
}

export const trendBox = { width: 120, height: 26, leastSpan: 20 };
const shown: readonly ReadingName[] = ['pulse', 'oxygenSaturation', 'respiration', 'systolic', 'temperature'];
const lowBattery = 20;

/** @param named with the names of staff, which a display on the wall does not show */
export function tileModel(bed: BedView, alarms: readonly AlarmSnapshot[], named: boolean): TileModel {
  const [top, ...rest] = [...alarms].sort(compareAlarms);
  const { score } = bed;
  const model = {
    bed: bed.bed,
    label: bed.label,
    urgency: urgencyOf(bed, alarms),
    alarm:
      top === undefined
        ? null
        : {
            priority: top.priority,
            technical: top.type === 'ST',
            calling: isCalling(top),
            title: strings.conditions[top.condition],
            note: alarmNote(top, named),
            more: rest.length,
          },
    score:
      score === null
        ? null
        : {
            text: intervalText(score),
            tone: scoreTone(score),
            word:
              score.complete || score.band === 'insufficient' ? strings.bands[score.band] : strings.atLeast(score.band),
            scale2: score.scale === 2,
          },
    noScore: bed.noScore ?? '',
    waiting: bed.waiting.length === 0 ? '' : strings.tile.waiting(bed.waiting.map((one) => strings.conditions[one])),
    readings: shown.map((name) => shownReading(name, bed.readings[name])),
    trend: sparklinePath(bed.trend.pulse, trendBox),
    device: deviceWord(bed),
    deviceAsks: bed.lead === 'off' || (bed.battery !== null && bed.battery < lowBattery),
    notes: [
      ...(bed.overdue.length > 0 ? [strings.tile.overdue(bed.overdue.length)] : []),
      ...(bed.advisory?.raised === true ? [strings.tile.advisory] : []),
      // Where the band says it already, or says by itself that nothing can be excluded, it is no news.
      ...(bed.watch && (score?.band === 'zero' || score?.band === 'low') ? [strings.tile.watch] : []),
    ],
    shelved: bed.shelved !== null,
  };
  return { ...model, key: JSON.stringify(model) };
}

function deviceWord(bed: BedView): string {
  if (bed.device === null) return strings.tile.noDevice;
  if (bed.lead === 'off') return strings.tile.leadOff;
  return bed.battery === null ? strings.tile.batteryUnknown : strings.tile.battery(bed.battery);
}

export function alarmNote(alarm: AlarmSnapshot, named = true): string {
  const parts = [
    alarm.signalLost ? strings.alarm.signalLost : '',
    alarm.phase === 'latched' ? strings.alarm.latched : '',
    alarm.responsibility === 'accepted' && alarm.owner !== undefined
      ? strings.alarm.taken(named ? alarm.owner : null)
      : alarm.acknowledged === undefined
        ? ''
        : strings.alarm.acknowledged(named ? alarm.acknowledged.by : null),
  ];
  return parts.filter((part) => part !== '').join(', ');
}
