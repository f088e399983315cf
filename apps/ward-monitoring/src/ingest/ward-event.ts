import type { SampleStatus, WearableState } from '@edge-blueprints/contracts';
import type { ContinuousParameter } from '../scores/observations/signal-window.js';

/** What is known of where and when a sample was taken. All times are of the gateway's clock unless named otherwise. */
export interface SampleOrigin {
  readonly device: string;
  /** The bed that the device was at when it measured; absent where nobody associated it. */
  readonly bed?: string;
  /** `{device}/{boot}/{seq}` */
  readonly id: string;
  readonly seq: number;
  readonly receivedMs: number;
  /** Receipt less the time that the sample waited in the device or on the way; never later than the receipt. */
  readonly measuredMs: number;
  /** The device's own clock, only shown. */
  readonly deviceMs: number;
  /** `replayed`: from a buffer, too old to sound; history only. `late`: overtaken by a newer one. */
  readonly order: 'live' | 'late' | 'replayed';
  /** `flagged` beyond 2 s from the wall clock, `ignored` beyond 30 s. */
  readonly deviceClock: 'good' | 'flagged' | 'ignored';
}

/** What a message of a wearable turned out to be. */
export type WardEvent =
  | (SampleOrigin & {
      readonly kind: 'vital';
      readonly parameter: ContinuousParameter;
      /** Decimal string; absent where the device measured nothing. */
      readonly value?: string;
      readonly quality: number;
      readonly status: readonly SampleStatus[];
    })
  | (SampleOrigin & {
      readonly kind: 'acceleration';
      readonly hz: number;
      /** In units of standard gravity, x y z by turns. */
      readonly xyzG: Float32Array;
    })
  | {
      readonly kind: 'state';
      readonly device: string;
      readonly bed?: string;
      readonly receivedMs: number;
      readonly state: WearableState;
    };
