import { acknowledgementSchema, parseFleetJson } from '@edge-blueprints/contracts';
import { covered } from './covered.js';

export type AcknowledgementReading =
  | { readonly kind: 'malformed'; readonly problem: string }
  | { readonly kind: 'foreign' }
  | {
      readonly kind: 'answer';
      readonly taken: readonly number[];
      readonly refused: readonly { readonly sequence: number; readonly code: string }[];
    };

/**
 * What an acknowledgement says about numbers that were sent. Numbers that were not are left out: the hub cannot have them,
 * and believing it would lose them in silence.
 */
export function readAcknowledgement(
  payload: Uint8Array,
  epoch: string | undefined,
  sent: ReadonlySet<number>,
): AcknowledgementReading {
  const parsed = parseFleetJson(acknowledgementSchema, payload);
  if (!parsed.ok) return { kind: 'malformed', problem: parsed.problem };
  if (parsed.value.epoch !== epoch) return { kind: 'foreign' };
  const taken = covered(sent, parsed.value.accepted);
  const had = new Set(taken);
  const refused = parsed.value.refused.filter(({ sequence }) => sent.has(sequence) && !had.has(sequence));
  return { kind: 'answer', taken, refused };
}
