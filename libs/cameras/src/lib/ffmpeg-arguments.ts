import type { PixelFormat } from '@edge-blueprints/contracts';

/** What the pictures of an ffmpeg camera look like when they arrive. */
export interface FfmpegPicture {
  readonly width: number;
  readonly height: number;
  readonly format: PixelFormat;
  /** `contain` keeps the proportions between grey bars, `stretch` fills. */
  readonly fit: 'contain' | 'stretch';
  readonly rateHz?: number | undefined;
}

/**
 * Arguments for raw video on standard output. ffmpeg scales, so that not one pixel is touched in JavaScript.
 * @param input everything up to and including `-i <source>`
 */
export function ffmpegArguments(input: readonly string[], picture: FfmpegPicture): string[] {
  const { width, height, format, fit, rateHz } = picture;
  const scale =
    fit === 'stretch'
      ? `scale=${width}:${height}`
      : `scale=${width}:${height}:force_original_aspect_ratio=decrease,pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2:color=0x727272`;
  const filters = [...(rateHz === undefined ? [] : [`fps=${rateHz}`]), scale];
  const pixelFormat = format === 'gray8' ? 'gray' : 'rgb24';
  const output = ['-f', 'rawvideo', '-pix_fmt', pixelFormat, 'pipe:1'];
  return [
    '-hide_banner',
    '-nostdin',
    '-loglevel',
    'error',
    ...input,
    '-an',
    '-sn',
    '-dn',
    '-vf',
    filters.join(','),
    ...output,
  ];
}
