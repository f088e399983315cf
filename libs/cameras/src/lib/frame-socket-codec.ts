import { DeviceError, type Frame, type PixelFormat } from '@edge-blueprints/contracts';
import { z } from 'zod';

const magic = Buffer.from('EFS1', 'latin1');
const prefixBytes = 12;
const maxHeaderBytes = 65_536;
const defaultMaxPixelBytes = 64 * 1024 * 1024;

const u32 = z.int().min(0).max(0xffff_ffff);

/** The JSON part of a frame socket message. Unknown keys are ignored, so that a newer line can talk to an older station. */
export const frameSocketHeaderSchema = z.object({
  sequence: z.int().nonnegative(),
  capturedAtMs: z.number(),
  epochMs: z.number(),
  width: z.int().positive().max(65_535),
  height: z.int().positive().max(65_535),
  format: z.enum(['gray8', 'rgb24']),
  name: z.string().max(1024).optional(),
  trigger: z
    .object({
      triggerCount: z.int().nonnegative(),
      encoder: u32,
      productId: z.string().min(1).max(128),
      partId: z.string().regex(/^[\x20-\x7e]{1,16}$/, 'at most 16 printable ASCII characters'),
    })
    .optional(),
});

/** What the line sends about a frame besides its pixels. A whole `Frame` fits too. */
export type FrameSocketHeader = Pick<
  Frame,
  'sequence' | 'capturedAtMs' | 'epochMs' | 'width' | 'height' | 'format' | 'name' | 'trigger'
>;

/** A message taken from the stream: a frame, or one whose framing was intact but whose content cannot be used. */
export type FrameSocketMessage =
  | { readonly kind: 'frame'; readonly header: FrameSocketHeader; readonly pixels: Uint8Array }
  | { readonly kind: 'corrupt'; readonly reason: string };

export interface FrameDecoder {
  /**
   * Takes the next bytes of the stream, returns the messages that they complete. Pixels are copied out once.
   * @throws DeviceError `camera.stream-corrupt` when the framing is lost; the connection must then be closed
   */
  push(chunk: Uint8Array): readonly FrameSocketMessage[];
  /** Bytes of an unfinished message; above zero at the end of the stream means that the last frame was cut off. */
  readonly pendingBytes: number;
}

/** Packed rows without padding: gray8 one byte a pixel, rgb24 three. */
export function pixelBytesOf(width: number, height: number, format: PixelFormat): number {
  return width * height * (format === 'rgb24' ? 3 : 1);
}

/**
 * The bytes that go before the pixels of one frame: "EFS1", u32le header length, u32le pixel length, UTF-8 JSON.
 * Write them, then the `pixelBytes` bytes of pixels unchanged. See docs/frame-socket.md.
 */
export function encodeFrameHeader(frame: FrameSocketHeader, pixelBytes: number): Uint8Array {
  const { sequence, capturedAtMs, epochMs, width, height, format, name, trigger } = frame;
  const json = JSON.stringify({ sequence, capturedAtMs, epochMs, width, height, format, name, trigger });
  const length = Buffer.byteLength(json);
  const bytes = Buffer.allocUnsafe(prefixBytes + length);
  magic.copy(bytes, 0);
  bytes.writeUInt32LE(length, 4);
  bytes.writeUInt32LE(pixelBytes, 8);
  bytes.write(json, prefixBytes);
  return bytes;
}

/** Cuts a byte stream into frames, whatever the chunk borders. One decoder per connection. */
export function createFrameDecoder(options: { readonly maxPixelBytes?: number } = {}): FrameDecoder {
  const maxPixelBytes = options.maxPixelBytes ?? defaultMaxPixelBytes;
  const prefix = Buffer.alloc(prefixBytes);
  let header = Buffer.alloc(0);
  let pixels = Buffer.alloc(0);
  let stage: 'prefix' | 'header' | 'pixels' = 'prefix';
  let target: Uint8Array = prefix;
  let filled = 0;
  let pendingBytes = 0;

  const expect = (next: typeof stage, buffer: Uint8Array): void => {
    stage = next;
    target = buffer;
    filled = 0;
  };

  const readPrefix = (): void => {
    if (!prefix.subarray(0, 4).equals(magic))
      throw lost(`found ${prefix.subarray(0, 4).toString('hex')} where "EFS1" must stand`);
    const headerBytes = prefix.readUInt32LE(4);
    const pixelBytes = prefix.readUInt32LE(8);
    if (headerBytes < 2 || headerBytes > maxHeaderBytes)
      throw lost(`header of ${headerBytes} bytes, allowed are 2 to ${maxHeaderBytes}`);
    if (pixelBytes > maxPixelBytes) throw lost(`${pixelBytes} bytes of pixels, allowed are ${maxPixelBytes}`);
    header = Buffer.allocUnsafe(headerBytes);
    // Own memory per frame: the consumer may hold on to it without a copy, and 400 kB a frame costs the collector nothing.
    pixels = Buffer.allocUnsafeSlow(pixelBytes);
    expect('header', header);
  };

  return {
    get pendingBytes() {
      return pendingBytes;
    },
    push(chunk) {
      const messages: FrameSocketMessage[] = [];
      let at = 0;
      while (at < chunk.length || filled === target.length) {
        const take = Math.min(target.length - filled, chunk.length - at);
        target.set(chunk.subarray(at, at + take), filled);
        filled += take;
        at += take;
        pendingBytes += take;
        if (filled < target.length) break;
        if (stage === 'prefix') readPrefix();
        else if (stage === 'header') expect('pixels', pixels);
        else {
          messages.push(readMessage(header, pixels));
          pendingBytes = 0;
          expect('prefix', prefix);
        }
      }
      return messages;
    },
  };
}

function readMessage(headerBytes: Buffer, pixels: Buffer): FrameSocketMessage {
  let json: unknown;
  try {
    json = JSON.parse(headerBytes.toString('utf8'));
  } catch (error) {
    return { kind: 'corrupt', reason: `header is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const parsed = frameSocketHeaderSchema.safeParse(json);
  if (!parsed.success) return { kind: 'corrupt', reason: `header: ${z.prettifyError(parsed.error)}` };
  const { name, trigger, ...rest } = parsed.data;
  const expected = pixelBytesOf(rest.width, rest.height, rest.format);
  if (pixels.length !== expected) {
    return {
      kind: 'corrupt',
      reason: `${rest.width}x${rest.height} ${rest.format} needs ${expected} bytes, got ${pixels.length}`,
    };
  }
  return {
    kind: 'frame',
    header: { ...rest, ...(name === undefined ? {} : { name }), ...(trigger === undefined ? {} : { trigger }) },
    pixels: new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.length),
  };
}

function lost(what: string): DeviceError {
  return new DeviceError(
    'camera.stream-corrupt',
    `The frame socket lost its framing: ${what}. Close the connection and connect again.`,
    {
      retry: 'safe',
    },
  );
}
