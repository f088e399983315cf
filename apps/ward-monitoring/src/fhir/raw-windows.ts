import type { VitalSignal, VitalWindow, WardStay } from '@edge-blueprints/clinical-io';
import type { SampleStatus } from '@edge-blueprints/contracts';
import type { WardEvent } from '../ingest/ward-event.js';
import { signalOf } from './minute-summaries.js';

type VitalEvent = Extract<WardEvent, { kind: 'vital' }>;

export interface RawWindows {
  take(event: VitalEvent, stay: WardStay): void;
  /** An alarm of a bed: what was measured shortly before it and what comes shortly after it is kept. */
  alarm(bed: string, atMs: number): void;
  /** Pieces near an alarm that are whole and for which nothing has come for the time of grace. Times are of the journal. */
  due(nowMs: number): readonly VitalWindow[];
  /** All pieces near an alarm, as far as they are. */
  rest(nowMs: number): readonly VitalWindow[];
  /** Pieces that were given up because too many were open. */
  readonly dropped: number;
}

export interface RawWindowOptions {
  /** On either side of an alarm. */
  readonly reachMs: number;
  /** Longer than the reorder window of the ingest. */
  readonly graceMs: number;
  /** Pieces in memory; beyond it the oldest is given up. */
  readonly mostPieces: number;
}

interface Piece {
  readonly stay: WardStay;
  readonly device: string;
  readonly boot: string;
  readonly signal: VitalSignal;
  readonly startMs: number;
  fromSeq: number;
  toSeq: number;
  takenMs: number;
  readonly statuses: Set<SampleStatus>;
  readonly values: (number | null)[];
}

/** Pieces of five minutes: two alarms near each other share them, and each is written once. */
const pieceMs = 300_000;
const intervalMs = 1_000;

/**
 * Raw values around alarms. Every sample is in memory for as long as an alarm may still ask for it, 300 numbers a signal and piece,
 * and is forgotten unless an alarm of its bed was near.
 */
export function createRawWindows({ reachMs, graceMs, mostPieces }: RawWindowOptions): RawWindows {
  const pieces = new Map<string, Piece>();
  /** Of each bed, the times near its alarms; one span where they overlap. */
  const near = new Map<string, readonly { readonly fromMs: number; readonly toMs: number }[]>();
  let dropped = 0;

  const isNear = ({ stay, startMs }: Piece): boolean =>
    near.get(stay.bed)?.some(({ fromMs, toMs }) => startMs < toMs && startMs + pieceMs > fromMs) ?? false;
  const windowOf = (piece: Piece, nowMs: number): VitalWindow => {
    const { stay, device, boot, signal, startMs, fromSeq, toSeq, statuses } = piece;
    const length = Math.min(pieceMs, Math.max(intervalMs, nowMs - startMs));
    const values = piece.values.slice(0, Math.ceil(length / intervalMs));
    return {
      ...{ stay, device, boot, signal, startMs, fromSeq, toSeq, intervalMs, values },
      endMs: startMs + length,
      statuses: [...statuses].sort(),
    };
  };

  return {
    take(event, stay) {
      const { device, seq, measuredMs, receivedMs, value, status } = event;
      const [, boot = ''] = event.id.split('/');
      const startMs = Math.floor(measuredMs / pieceMs) * pieceMs;
      const isTest = status.some((one) => one === 'test' || one === 'demo');
      const signal = signalOf[event.parameter];
      const key = JSON.stringify([device, boot, signal, startMs, stay.bed, stay.stay, isTest]);
      const piece: Piece = pieces.get(key) ?? {
        ...{ stay, device, boot, signal, startMs, fromSeq: seq, toSeq: seq, takenMs: receivedMs },
        statuses: new Set(),
        values: Array.from({ length: pieceMs / intervalMs }, () => null),
      };
      pieces.set(key, piece);
      piece.fromSeq = Math.min(piece.fromSeq, seq);
      piece.toSeq = Math.max(piece.toSeq, seq);
      piece.takenMs = Math.max(piece.takenMs, receivedMs);
      for (const one of status) piece.statuses.add(one);
      if (value !== undefined) piece.values[Math.floor((measuredMs - startMs) / intervalMs)] = Number(value);
      const [oldest] = pieces.keys();
      if (pieces.size <= mostPieces || oldest === undefined) return;
      pieces.delete(oldest);
      dropped += 1;
    },
    alarm(bed, atMs) {
      const span = { fromMs: atMs - reachMs, toMs: atMs + reachMs };
      const spans = (near.get(bed) ?? []).filter(({ toMs }) => toMs > span.fromMs - 2 * pieceMs);
      const last = spans.at(-1);
      near.set(
        bed,
        last !== undefined && last.toMs >= span.fromMs
          ? [...spans.slice(0, -1), { ...last, toMs: Math.max(last.toMs, span.toMs) }]
          : [...spans, span],
      );
    },
    due(nowMs) {
      const whole: VitalWindow[] = [];
      for (const [key, piece] of pieces) {
        const endMs = piece.startMs + pieceMs;
        if (nowMs < Math.max(endMs, piece.takenMs) + graceMs) continue;
        if (isNear(piece)) whole.push(windowOf(piece, nowMs));
        else if (nowMs < endMs + reachMs) continue;
        pieces.delete(key);
      }
      return whole;
    },
    rest(nowMs) {
      const found = [...pieces.values()].filter(isNear).map((piece) => windowOf(piece, nowMs));
      pieces.clear();
      return found;
    },
    get dropped() {
      return dropped;
    },
  };
}
