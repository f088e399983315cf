import type { EngineHealth, StoreView } from '@edge-blueprints/contracts';
import type { CameraAgreement } from '../floor/floor-port.js';
import type { AlarmCause } from './alarms.js';

/** What alarms are made of. */
export interface AlarmSituation extends Pick<StoreView, 'cameras' | 'queues' | 'budget'> {
  readonly engine: EngineHealth;
  readonly agreement: readonly CameraAgreement[];
  /** There were more people, tracks or items than are followed, lately. */
  readonly beyondCapacity: boolean;
  readonly picturesOn: boolean;
}

/** Two cameras that put the same people this far apart do not agree on the floor, metres. */
const disagreeM = 0.5;
const agreementSamples = 30;

/** Everything that is wrong now, in words for the person who can do something about it. */
export function alarmCauses(now: AlarmSituation): readonly AlarmCause[] {
  const { ledger } = now.budget;
  const { engine } = now;
  return [
    ...now.cameras
      .filter(({ state }) => state !== 'seeing')
      .map(({ id, state, detail }) => cause(`camera/${id}`, `store.camera-${state}`, `Camera ${id}: ${detail}`)),
    ...now.agreement
      .filter(({ samples, medianM }) => samples >= agreementSamples && medianM > disagreeM)
      .map(({ cameras: [one, other], medianM }) =>
        cause(
          `agreement/${one}/${other}`,
          'store.cameras-disagree',
          `Cameras ${one} and ${other} put the same people ${medianM.toFixed(1)} m apart; calibrate them again`,
        ),
      ),
    ...now.queues
      .filter(({ state }) => state === 'unreliable')
      .map(({ id, name }) =>
        cause(
          `queue/${id}`,
          'store.queue-unreliable',
          `Queue ${name}: length, arrivals and waits do not fit each other; its figures are not to be trusted`,
        ),
      ),
    ...(ledger.state === 'open'
      ? []
      : [cause('ledger', `store.ledger-${ledger.state}`, `No figures leave the store: ${ledger.detail}`)]),
    ...(engine.state === 'failed' || engine.state === 'disposed'
      ? [cause('engine', 'store.engine-failed', `The model has stopped and nothing is counted: ${engine.detail}`)]
      : []),
    ...(now.beyondCapacity
      ? [
          cause(
            'capacity',
            'store.beyond-capacity',
            'More people than this node follows; figures of this time are too small',
          ),
        ]
      : []),
    ...(now.picturesOn
      ? [
          cause(
            'pictures',
            'store.pictures-on',
            'Calibration pictures are switched on: an operator can see the people-free background of each camera',
          ),
        ]
      : []),
  ];
}

const cause = (id: string, code: string, text: string): AlarmCause => ({ id, code, text });
