import type { Frame } from '@edge-blueprints/contracts';

export function aFrame(values: Partial<Frame> = {}): Frame {
  return {
    source: 'entrance',
    sequence: 0,
    capturedAtMs: 0,
    receivedAtMs: 1,
    epochMs: 1_700_000_000_000,
    width: 64,
    height: 64,
    format: 'gray8',
    pixels: new Uint8Array(64 * 64),
    ...values,
  };
}
