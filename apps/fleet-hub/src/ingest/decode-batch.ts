import { cloudEventSchema, fleetEventData, fleetLimits, identitySource } from '@edge-blueprints/contracts';
import type { DeviceIdentity } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { knownEventSchema } from './known-event.js';
import type { KnownEvent } from './known-event.js';

/** An event that is set aside. Without a legible number it cannot be acknowledged as refused. */
export interface RefusedEvent {
  readonly number: { readonly epoch: string; readonly sequence: number } | null;
  readonly code: string;
  readonly problem: string;
  readonly raw: string;
}

export interface DecodedBatch {
  readonly identity: DeviceIdentity;
  /** Hub clock, ms since 1970. */
  readonly receivedAtMs: number;
  readonly bytes: number;
  readonly events: readonly KnownEvent[];
  readonly refused: readonly RefusedEvent[];
}

export type DecodedPayload =
  | { readonly ok: true; readonly batch: DecodedBatch }
  | { readonly ok: false; readonly code: 'hub.batch-too-large' | 'hub.batch-malformed'; readonly problem: string };

const numberSchema = z.object({ epoch: cloudEventSchema.shape.epoch, sequence: cloudEventSchema.shape.sequence });
const typeSchema = z.object({ type: z.string() });
/** What a text column cannot hold: NUL and halves of a surrogate pair, as `JSON.stringify` escapes them. */
const unstorableText = /(?:^|[^\\])(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/**
 * Reads a payload of a `tlm` topic. A payload that is no batch is refused whole; in a batch each event stands alone, so that
 * one bad event does not hold up the others.
 */
export function decodeBatch(identity: DeviceIdentity, payload: Uint8Array, receivedAtMs: number): DecodedPayload {
  if (payload.byteLength > fleetLimits.batchBytes)
    return {
      ok: false,
      code: 'hub.batch-too-large',
      problem: `${payload.byteLength} bytes, more than ${fleetLimits.batchBytes}`,
    };
  const malformed = (problem: string): DecodedPayload => ({ ok: false, code: 'hub.batch-malformed', problem });
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch (error) {
    return malformed(`is not JSON in UTF-8: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!Array.isArray(json)) return malformed('is not a JSON array of events');
  if (json.length === 0 || json.length > fleetLimits.batchEvents)
    return malformed(`holds ${json.length} events; 1 to ${fleetLimits.batchEvents} are allowed`);
  const source = identitySource(identity);
  const events: KnownEvent[] = [];
  const refused: RefusedEvent[] = [];
  for (const item of json as readonly unknown[]) {
    const judged = judge(item, source);
    if ('code' in judged) refused.push(judged);
    else events.push(judged);
  }
  return { ok: true, batch: { identity, receivedAtMs, bytes: payload.byteLength, events, refused } };
}

function judge(item: unknown, source: string): KnownEvent | RefusedEvent {
  const raw = textOf(item);
  const number = numberSchema.safeParse(item);
  const refuse = (code: string, problem: string): RefusedEvent => ({
    number: number.success ? number.data : null,
    code,
    problem,
    raw: raw ?? '',
  });
  if (raw === undefined) return refuse('hub.event-malformed', 'is nested too deeply');
  if (Buffer.byteLength(raw) > fleetLimits.eventBytes)
    return refuse('hub.event-too-large', `${Buffer.byteLength(raw)} bytes, more than ${fleetLimits.eventBytes}`);
  // As a key only: inside of a text the quotes are escaped.
  if (raw.includes('"__proto__":')) return refuse('hub.event-malformed', 'a key is named __proto__');
  const type = typeSchema.safeParse(item);
  if (type.success && !Object.hasOwn(fleetEventData, type.data.type))
    return refuse('hub.event-type', `the type ${JSON.stringify(type.data.type.slice(0, 96))} is not known here`);
  const parsed = knownEventSchema.safeParse(item);
  if (!parsed.success) return refuse('hub.event-malformed', z.prettifyError(parsed.error));
  const event = parsed.data;
  if (event.source !== source)
    return refuse('hub.event-identity', `the source is ${JSON.stringify(event.source)}, but its topic is ${source}'s`);
  if (event.id !== `${event.epoch}-${event.sequence}`)
    return refuse('hub.event-malformed', 'the id is not epoch-sequence');
  if (unstorableText.test(raw)) return refuse('hub.event-text', 'a text holds NUL or half of a surrogate pair');
  return event;
}

/** @returns undefined for what is nested deeper than the stack goes */
function textOf(item: unknown): string | undefined {
  try {
    return JSON.stringify(item);
  } catch {
    return undefined;
  }
}
