import { wearableTopic, type Random, type WearableChannel, type WearableIdentity } from '@edge-blueprints/contracts';
import {
  accelerationPayload,
  createAcceleration,
  statePayload,
  vitalPayload,
  type WardPatient,
  type WardSecond,
} from '@edge-blueprints/rigs';

export interface StudyMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
}

/** A wearable in virtual time: the messages that reach the gateway with each second, as the rig's own device sends them. */
export interface StudyWearable {
  readonly patient: WardPatient;
  live(atMs: number): { readonly second: WardSecond; readonly messages: readonly StudyMessage[] };
}

export interface StudyWearableOptions {
  readonly patient: WardPatient;
  readonly identity: WearableIdentity;
  readonly random: Random;
  /** Samples of acceleration a second. */
  readonly hz: number;
}

/** The broker calls a silent device lost after one and a half keepalives of 10 s. */
const willAfterMs = 15_000;
/** Samples that a device keeps while nobody answers: a quarter of an hour of four channels. */
const keptSamples = 3_600;
const replayPerSecond = 20;

export function createStudyWearable({ patient, identity, random, hz }: StudyWearableOptions): StudyWearable {
  const { character } = patient;
  const accelerate = createAcceleration(character, random, hz);
  const topics = new Map<WearableChannel, string>();
  for (const channel of ['hr', 'spo2', 'rr', 'acc', 'state'] as const)
    topics.set(channel, wearableTopic(identity, channel));
  const message = (channel: WearableChannel, text: string): StudyMessage => ({
    topic: topics.get(channel) ?? '',
    payload: Buffer.from(text),
  });
  let boots = 1;
  let seq = -1;
  let startMs: number | undefined;
  let goneMs: number | undefined;
  let isWillSaid = false;
  let saidState = '';
  let kept: StudyMessage[] = [];
  const boot = (): string => `b${boots}`;
  const key = (tDevMs: number) => ({ boot: boot(), seq: (seq += 1), tDevMs });

  return {
    patient,
    live(atMs) {
      const second = patient.step(atMs);
      startMs ??= atMs;
      const isOff = second.batteryPercent === 0;
      const isReachable = second.inRange && !isOff;
      const messages: StudyMessage[] = [];
      if (!isReachable) {
        goneMs ??= atMs;
        if (!isWillSaid && atMs - goneMs >= willAfterMs) {
          isWillSaid = true;
          messages.push(message('state', statePayload({ boot: boot(), online: false })));
        }
      } else if (goneMs !== undefined) {
        goneMs = undefined;
        isWillSaid = false;
        saidState = '';
      }
      if (isOff) {
        // What it kept is lost with its memory; it starts again with another boot.
        if (seq >= 0) boots += 1;
        seq = -1;
        kept = [];
        return { second, messages };
      }
      const { offsetMs, driftPpm } = character.clock;
      const tDevMs = Math.round(atMs + offsetMs + ((atMs - startMs) * driftPpm) / 1e6);
      const samples = [
        message('hr', vitalPayload(key(tDevMs), second.pulse)),
        message('spo2', vitalPayload(key(tDevMs), second.spo2)),
        message('rr', vitalPayload(key(tDevMs), second.respiration)),
        message('acc', accelerationPayload(key(tDevMs), hz, accelerate(second.activity, second.vitals.respiration))),
      ];
      if (!isReachable) {
        kept.push(...samples);
        if (kept.length > keptSamples) kept = kept.slice(-keptSamples);
        return { second, messages };
      }
      const { lead, batteryPercent } = second;
      const state = `${lead} ${batteryPercent}`;
      if (state !== saidState) {
        saidState = state;
        messages.push(message('state', statePayload({ boot: boot(), online: true, tDevMs, batteryPercent, lead })));
      }
      messages.push(...samples);
      if (kept.length > 0) messages.push(...kept.splice(0, replayPerSecond));
      return { second, messages };
    },
  };
}
