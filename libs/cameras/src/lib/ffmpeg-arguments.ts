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
 * @param live arguments of `asTheyCome` for a live source: each picture's own time then goes to `pipe:3`, see `readFrameTimes`
 */
export function ffmpegArguments(input: readonly string[], picture: FfmpegPicture, live?: readonly string[]): string[] {
  const { width, height, format, fit, rateHz } = picture;
  const scale =
    fit === 'stretch'
      ? `scale=${width}:${height}`
      : `scale=${width}:${height}:force_original_aspect_ratio=decrease,pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2:color=0x727272`;
  const filters = live === undefined ? filmFilters(scale, rateHz) : liveFilters(scale, rateHz);
  const pixelFormat = format === 'gray8' ? 'gray' : 'rgb24';
  const output = [...(live ?? []), '-f', 'rawvideo', '-pix_fmt', pixelFormat, 'pipe:1'];
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

function filmFilters(scale: string, rateHz: number | undefined): readonly string[] {
  return [...(rateHz === undefined ? [] : [`fps=${rateHz}`]), scale];
}

/**
 * A live picture is never repeated, because a repeated one would claim to be newer than it is: a rate only thins out. The
 * tag is there because ffmpeg prints the time of tagged frames only.
 */
function liveFilters(scale: string, rateHz: number | undefined): readonly string[] {
  const gapS = rateHz === undefined ? undefined : (0.95 / rateHz).toFixed(6);
  const thin = gapS === undefined ? [] : [`select='isnan(prev_selected_t)+gte(t-prev_selected_t,${gapS})'`];
  const tell = ['metadata=mode=add:key=live:value=1', "metadata=mode=print:file='pipe\\:3':direct=1"];
  return [...thin, scale, ...tell];
}
