import {
  type AccelerationBatch,
  accelerationBatchSchema,
  type VitalSample,
  vitalSampleSchema,
  type WearableState,
  wearableStateSchema,
} from '@edge-blueprints/contracts';
import type { z } from 'zod';

export const largestPayloadBytes = 4_096;

export type Decoded =
  | { readonly kind: 'vital'; readonly sample: VitalSample }
  | { readonly kind: 'acceleration'; readonly batch: AccelerationBatch; readonly xyzG: Float32Array }
  | { readonly kind: 'state'; readonly state: WearableState }
  | { readonly kind: 'rejected'; readonly why: 'too-long' | 'not-json' | 'not-a-sample'; readonly text: string };

const decoder = new TextDecoder('utf-8', { fatal: true });
const standardGravity = 9.80665;

/** Reads one message of a wearable. Whatever is wrong is told; nothing is repaired, nothing of it is used. */
export function decodePayload(channel: 'hr' | 'spo2' | 'rr' | 'acc' | 'state', payload: Uint8Array): Decoded {
  if (payload.byteLength > largestPayloadBytes)
    return rejected('too-long', `${payload.byteLength} bytes; at most ${largestPayloadBytes}`);
  let given: unknown;
  try {
    given = JSON.parse(decoder.decode(payload));
  } catch (error) {
    return rejected('not-json', error instanceof SyntaxError ? 'no JSON' : 'no UTF-8');
  }
  if (channel === 'state') {
    const parsed = wearableStateSchema.safeParse(given);
    return parsed.success ? { kind: 'state', state: parsed.data } : notASample(parsed.error);
  }
  if (channel !== 'acc') {
    const parsed = vitalSampleSchema.safeParse(given);
    return parsed.success ? { kind: 'vital', sample: parsed.data } : notASample(parsed.error);
  }
  const parsed = accelerationBatchSchema.safeParse(given);
  if (!parsed.success) return notASample(parsed.error);
  const bytes = Buffer.from(parsed.data.xyz, 'base64');
  if (bytes.byteLength === 0 || bytes.byteLength % 6 !== 0)
    return rejected('not-a-sample', `${bytes.byteLength} bytes of acceleration; expected triplets of 2 bytes`);
  const perG = parsed.data.scale / standardGravity;
  const xyzG = new Float32Array(bytes.byteLength / 2);
  for (let i = 0; i < xyzG.length; i += 1) xyzG[i] = bytes.readInt16LE(2 * i) * perG;
  return { kind: 'acceleration', batch: parsed.data, xyzG };
}

/** Names fields of ours only: names and values of a stranger may be anything, a patient's name as well. */
function notASample(error: z.ZodError): Decoded {
  const fields = new Set(
    error.issues.map(({ code, path }) => (code === 'unrecognized_keys' ? 'more fields' : path[0])),
  );
  return rejected('not-a-sample', [...fields].map((field) => String(field ?? 'not an object')).join(', '));
}

/** Keeps what a stranger wrote short and on one line. */
function rejected(why: 'too-long' | 'not-json' | 'not-a-sample', text: string): Decoded {
  // eslint-disable-next-line no-control-regex
  return { kind: 'rejected', why, text: text.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, 200) };
}
