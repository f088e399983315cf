// Whether bytes that left a process hold a picture, a piece of one, a place of somebody or the number of a track.
import { constants, inflateSync, gunzipSync, brotliDecompressSync } from 'node:zlib';
import { needles } from './canary.js';

export interface Leak {
  readonly kind: 'picture format' | 'pixels' | 'array' | 'binary' | 'identity';
  readonly detail: string;
}

export interface SearchRules {
  /** Not what the node says: a compiled model, or its own program text. Pixels and pictures are still searched for. */
  readonly pixelsOnly: boolean;
  /** Cells of the public floor grid: the only long list of numbers that may leave. */
  readonly gridCells: number;
}

const formats: readonly (readonly [name: string, is: (b: Buffer) => boolean])[] = [
  [
    'JPEG',
    (b) => ['ffd8ffe0', 'ffd8ffe1', 'ffd8ffdb', 'ffd8ffee', 'ffd8ffc0'].some((s) => b.includes(Buffer.from(s, 'hex'))),
  ],
  ['PNG', (b) => b.includes(Buffer.from('89504e470d0a1a0a', 'hex'))],
  ['WebP', (b) => b.includes('WEBPVP8')],
  ['GIF', (b) => b.includes('GIF89a') || b.includes('GIF87a')],
  ['AVIF, HEIF or MP4', (b) => ['ftypavif', 'ftypheic', 'ftypmif1', 'ftypisom', 'ftypmp42'].some((s) => b.includes(s))],
  ['Matroska or WebM', (b) => b.includes(Buffer.from('1a45dfa3', 'hex')) && b.includes('webm')],
  ['TIFF', (b) => b.subarray(0, 4).equals(Buffer.from('49492a00', 'hex'))],
  ['a picture in base64', (b) => /(?:\/9j\/4AAQ|iVBORw0KGgo|UklGR[A-Za-z0-9+/]{6}XRUJQ)/.test(b.toString('latin1'))],
];
const identities =
  /"(track|trackId|track_id|tracks|keypoints?|bodyPoints|box|boxes|bbox|embedding|velocity|pixels|crop|trajectory|person|personId)"\s*:/;
/** 64-bit numbers as hex: what a track is called inside. */
const trackNumber = /"[0-9a-f]{16}"/;
const numberRun = /(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\s*,\s*){200}/;
const mostBinary = 256;

export function searchLeaks(bytes: Buffer, rules: SearchRules): readonly Leak[] {
  const leaks = [...searchPlain(bytes)];
  for (const inner of decompressed(bytes))
    leaks.push(...searchPlain(inner).map(({ kind, detail }) => ({ kind, detail: `${detail}, compressed` })));
  if (rules.pixelsOnly) return leaks;
  const text = bytes.toString('utf8');
  const withoutGrid = text.replaceAll(/"seconds":\[([^\]]*)\]/g, (whole, list: string) =>
    list.split(',').length === rules.gridCells ? '"seconds":[]' : whole,
  );
  if (numberRun.test(withoutGrid)) leaks.push({ kind: 'array', detail: '200 numbers in a row' });
  const named = identities.exec(text);
  if (named) leaks.push({ kind: 'identity', detail: `a field ${named[1]}` });
  if (trackNumber.test(text)) leaks.push({ kind: 'identity', detail: 'a number of 64 bits in hex' });
  // The scene of a camera is 172 letters; hashes are 64.
  if (/[A-Za-z0-9+/_-]{256}/.test(text)) leaks.push({ kind: 'binary', detail: '256 letters without a break' });
  if (longestBinary(bytes) > mostBinary)
    leaks.push({ kind: 'binary', detail: `${longestBinary(bytes)} bytes that are no text` });
  return leaks;
}

function searchPlain(bytes: Buffer): readonly Leak[] {
  return [
    ...formats.flatMap(([name, is]): Leak[] => (is(bytes) ? [{ kind: 'picture format', detail: name }] : [])),
    ...needles
      .filter(({ bytes: needle }) => bytes.includes(needle))
      .slice(0, 1)
      .map(({ name }): Leak => ({ kind: 'pixels', detail: name })),
  ];
}

/** What zlib, gzip and brotli make of every place that could be a beginning; a cut end is no hindrance. */
function decompressed(bytes: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1 << 26 };
  const attempt = (work: () => Buffer): void => {
    try {
      const out = work();
      if (out.length > 16) found.push(out);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
    }
  };
  for (let i = 0; i + 2 < bytes.length && found.length < 64; i += 1) {
    const [a, b] = [bytes[i] ?? 0, bytes[i + 1] ?? 0];
    if (a === 0x78 && ((a << 8) | b) % 31 === 0) attempt(() => inflateSync(bytes.subarray(i), options));
    if (a === 0x1f && b === 0x8b && bytes[i + 2] === 8) attempt(() => gunzipSync(bytes.subarray(i), options));
  }
  if (bytes.length > 16)
    attempt(() =>
      brotliDecompressSync(bytes, { maxOutputLength: 1 << 26, finishFlush: constants.BROTLI_OPERATION_FLUSH }),
    );
  return found;
}

/** The longest stretch between two pieces of 16 printable ASCII letters: text has many, packed pixels next to none. */
function longestBinary(bytes: Buffer): number {
  let longest = 0;
  let start = 0;
  let printable = 0;
  for (let i = 0; i <= bytes.length; i += 1) {
    const c = bytes[i] ?? -1;
    printable = c === 9 || c === 10 || c === 13 || (c >= 32 && c < 127) ? printable + 1 : 0;
    if (printable >= 16 || i === bytes.length) {
      longest = Math.max(longest, i - start - printable);
      if (printable >= 16) start = i;
    }
  }
  return longest;
}
