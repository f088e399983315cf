import { DeviceError } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createFrameDecoder,
  encodeFrameHeader,
  type FrameSocketHeader,
  type FrameSocketMessage,
} from './frame-socket-codec.js';

const header: FrameSocketHeader = {
  sequence: 7,
  capturedAtMs: 1234.5,
  epochMs: 1_760_000_000_000,
  width: 4,
  height: 2,
  format: 'gray8',
  trigger: { triggerCount: 3, encoder: 4_294_967_290, productId: 'board-a', partId: 'B00000003' },
};

function message(frame: FrameSocketHeader, pixels: Uint8Array): Buffer {
  return Buffer.concat([encodeFrameHeader(frame, pixels.length), pixels]);
}

function decodeInChunks(bytes: Buffer, cuts: readonly number[]): FrameSocketMessage[] {
  const decoder = createFrameDecoder();
  const borders = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let from = 0;
  return borders.flatMap((to) => {
    const part = decoder.push(bytes.subarray(from, to));
    from = to;
    return [...part];
  });
}

describe('frame socket codec', () => {
  it('writes the documented bytes', () => {
    const bytes = Buffer.from(
      encodeFrameHeader({ sequence: 0, capturedAtMs: 1, epochMs: 2, width: 1, height: 1, format: 'gray8' }, 1),
    );
    const json = '{"sequence":0,"capturedAtMs":1,"epochMs":2,"width":1,"height":1,"format":"gray8"}';
    expect(bytes.subarray(0, 4).toString('latin1')).toBe('EFS1');
    expect(bytes.readUInt32LE(4)).toBe(json.length);
    expect(bytes.readUInt32LE(8)).toBe(1);
    expect(bytes.subarray(12).toString('utf8')).toBe(json);
  });

  it('gives back every frame unchanged, wherever the stream is cut', () => {
    const frames = fc.array(
      fc.record({
        width: fc.integer({ min: 1, max: 9 }),
        height: fc.integer({ min: 1, max: 9 }),
        format: fc.constantFrom('gray8' as const, 'rgb24' as const),
        fill: fc.integer({ min: 0, max: 255 }),
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(frames, fc.array(fc.nat(), { maxLength: 12 }), (list, cuts) => {
        const sent = list.map((f, sequence) => ({
          header: { ...header, sequence, width: f.width, height: f.height, format: f.format },
          pixels: new Uint8Array(f.width * f.height * (f.format === 'rgb24' ? 3 : 1)).fill(f.fill),
        }));
        const got = decodeInChunks(Buffer.concat(sent.map((s) => message(s.header, s.pixels))), cuts);
        expect(got).toEqual(sent.map((s) => ({ kind: 'frame', header: s.header, pixels: s.pixels })));
      }),
    );
  });

  it('gives each frame memory of its own', () => {
    const decoder = createFrameDecoder();
    const [first] = decoder.push(message(header, new Uint8Array(8).fill(1)));
    decoder.push(message(header, new Uint8Array(8).fill(2)));
    expect(first?.kind === 'frame' && first.pixels).toEqual(new Uint8Array(8).fill(1));
  });

  it('reports a frame whose pixels do not fit its size and goes on with the next', () => {
    const got = createFrameDecoder().push(
      Buffer.concat([message(header, new Uint8Array(7)), message(header, new Uint8Array(8))]),
    );
    expect(got.map((m) => m.kind)).toEqual(['corrupt', 'frame']);
    expect(got[0]).toMatchObject({ reason: '4x2 gray8 needs 8 bytes, got 7' });
  });

  it('reports a header that breaks the schema, with the field', () => {
    const trigger = { triggerCount: 1, encoder: 5, productId: 'a', partId: 'longer-than-sixteen-characters' };
    const got = createFrameDecoder().push(message({ ...header, trigger }, new Uint8Array(8)));
    expect(got[0]).toMatchObject({ kind: 'corrupt', reason: expect.stringContaining('trigger.partId') });
  });

  it('refuses a stream that is not a frame socket, and lengths beyond the bound', () => {
    expect(() => createFrameDecoder().push(Buffer.from('HTTP/1.1 400 Bad Request'))).toThrow(DeviceError);
    const huge = encodeFrameHeader(header, 1_000_001);
    expect(() => createFrameDecoder({ maxPixelBytes: 1_000_000 }).push(huge)).toThrow(
      /1000001 bytes of pixels, allowed are 1000000/,
    );
  });

  it('says how many bytes of a cut-off frame are pending', () => {
    const decoder = createFrameDecoder();
    const bytes = message(header, new Uint8Array(8));
    decoder.push(bytes.subarray(0, bytes.length - 1));
    expect(decoder.pendingBytes).toBe(bytes.length - 1);
    decoder.push(bytes.subarray(bytes.length - 1));
    expect(decoder.pendingBytes).toBe(0);
  });
});
