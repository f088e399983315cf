/**
 * Raw pictures, grey or red-green-blue, with times of their own, in the only container of ffmpeg's that is simple to write: Matroska (RFC 9559),
 * one cluster a picture. Plain raw video would make ffmpeg guess the times from a steady rate.
 */
export interface MatroskaFrames {
  /** Once, first. */
  readonly head: Uint8Array;
  /** @param timeMs since the first picture, whole and not going back */
  frame(timeMs: number, pixels: Uint8Array): Uint8Array;
}

const id = {
  ebml: [0x1a, 0x45, 0xdf, 0xa3],
  docType: [0x42, 0x82],
  segmentOfUnknownSize: [0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  info: [0x15, 0x49, 0xa9, 0x66],
  timestampScale: [0x2a, 0xd7, 0xb1],
  tracks: [0x16, 0x54, 0xae, 0x6b],
  track: [0xae],
  trackNumber: [0xd7],
  trackUid: [0x73, 0xc5],
  trackType: [0x83],
  codec: [0x86],
  video: [0xe0],
  width: [0xb0],
  height: [0xba],
  fourCc: [0x2e, 0xb5, 0x24],
  cluster: [0x1f, 0x43, 0xb6, 0x75],
  timestamp: [0xe7],
  simpleBlock: [0xa3],
} as const;

/** As ffmpeg names raw pictures. */
const fourCcs = { gray8: 'Y800', rgb24: 'RGB\x18' } as const;

export function createMatroskaFrames(width: number, height: number, format: keyof typeof fourCcs): MatroskaFrames {
  const video = element(id.video, [
    element(id.width, [number(width)]),
    element(id.height, [number(height)]),
    element(id.fourCc, [Buffer.from(fourCcs[format], 'latin1')]),
  ]);
  const track = element(id.track, [
    element(id.trackNumber, [number(1)]),
    element(id.trackUid, [number(1)]),
    element(id.trackType, [number(1)]),
    element(id.codec, [Buffer.from('V_UNCOMPRESSED')]),
    video,
  ]);
  return {
    head: Buffer.concat([
      element(id.ebml, [element(id.docType, [Buffer.from('matroska')])]),
      Buffer.from(id.segmentOfUnknownSize),
      element(id.info, [element(id.timestampScale, [number(1_000_000)])]),
      element(id.tracks, [track]),
    ]),
    frame: (timeMs, pixels) => {
      // Track 1, no offset to the cluster's time, key frame.
      const block = element(id.simpleBlock, [Buffer.from([0x81, 0, 0, 0x80]), pixels]);
      return element(id.cluster, [element(id.timestamp, [number(timeMs)]), block]);
    },
  };
}

function element(name: readonly number[], content: readonly Uint8Array[]): Buffer {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  const size = number(length);
  size[0] = 0x01; // eight bytes of length follow the marker bit
  return Buffer.concat([Buffer.from(name), size, ...content]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
