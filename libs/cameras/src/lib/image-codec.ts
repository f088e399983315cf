import { readFile } from 'node:fs/promises';
import { DeviceError, errorMessage, UsageError, type Box, type PixelFormat } from '@edge-blueprints/contracts';
import { rgbToLuma, type Picture } from '@edge-blueprints/vision';
import sharp, { type Sharp } from 'sharp';

/** 100 megapixels: enough for line-scan cameras, too little for a decompression bomb. */
const maxPixels = 100_000_000;

export interface EncodedImage {
  readonly bytes: Uint8Array;
  readonly mime: 'image/png' | 'image/webp' | 'image/jpeg';
  readonly width: number;
  readonly height: number;
}

/**
 * Decodes a PNG, JPEG or WebP file, or its bytes. Orientation tags are applied, transparency is dropped.
 * @throws DeviceError `camera.image-unreadable` naming the file
 */
export async function decodeImage(source: string | Uint8Array, format: PixelFormat): Promise<Picture> {
  const name = typeof source === 'string' ? source : `image of ${source.length} bytes`;
  try {
    const bytes = typeof source === 'string' ? await readFile(source) : source;
    const image = sharp(bytes, { failOn: 'warning', limitInputPixels: maxPixels });
    const { space } = await image.metadata();
    // A grey file stays grey: the way through sRGB would cost three times the bytes and could shift levels.
    const keepsGrey = format === 'gray8' && (space === 'b-w' || space === 'grey16');
    const raw = image
      .autoOrient()
      .removeAlpha()
      .toColourspace(keepsGrey ? 'b-w' : 'srgb')
      .raw();
    const { data, info } = await raw.toBuffer({ resolveWithObject: true });
    const size = { width: info.width, height: info.height };
    const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length);
    if (format === 'rgb24') return { ...size, format, pixels };
    if (info.channels === 1) return { ...size, format, pixels };
    const luma = new Uint8Array(info.width * info.height);
    rgbToLuma(pixels, luma, 0, luma.length);
    return { ...size, format, pixels: luma };
  } catch (error) {
    throw new DeviceError(
      'camera.image-unreadable',
      `Cannot decode ${name}: ${errorMessage(error)}. Replace or remove it.`,
      {
        cause: error,
        context: { name },
      },
    );
  }
}

/** Grey pixels of an image file or its bytes; colour becomes BT.601 luma. */
export function decodeGray(source: string | Uint8Array): Promise<Picture> {
  return decodeImage(source, 'gray8');
}

/** Lossless, fast compression level. */
export async function encodePng(picture: Picture): Promise<EncodedImage> {
  return encoded(picture, 'image/png', await rawImage(picture).png({ compressionLevel: 2 }).toBuffer());
}

/** @param quality 1 to 100 */
export async function encodeWebp(picture: Picture, quality = 80): Promise<EncodedImage> {
  return encoded(picture, 'image/webp', await rawImage(picture).webp({ quality, effort: 0 }).toBuffer());
}

/** @param quality 1 to 100 */
export async function encodeJpeg(picture: Picture, quality = 85): Promise<EncodedImage> {
  return encoded(picture, 'image/jpeg', await rawImage(picture).jpeg({ quality }).toBuffer());
}

/** A copy of the pixels of a box with a margin around it, clipped to the picture, at least one pixel. */
export function cropPicture(picture: Picture, box: Box, marginPx = 0): Picture {
  const left = Math.min(Math.max(Math.floor(box.xMin - marginPx), 0), picture.width - 1);
  const top = Math.min(Math.max(Math.floor(box.yMin - marginPx), 0), picture.height - 1);
  const right = Math.max(Math.min(Math.ceil(box.xMax + marginPx), picture.width), left + 1);
  const bottom = Math.max(Math.min(Math.ceil(box.yMax + marginPx), picture.height), top + 1);
  const channels = picture.format === 'rgb24' ? 3 : 1;
  const rowBytes = (right - left) * channels;
  const pixels = new Uint8Array(rowBytes * (bottom - top));
  for (let y = top; y < bottom; y += 1) {
    const from = (y * picture.width + left) * channels;
    pixels.set(picture.pixels.subarray(from, from + rowBytes), (y - top) * rowBytes);
  }
  return { width: right - left, height: bottom - top, format: picture.format, pixels };
}

function rawImage({ width, height, format, pixels }: Picture): Sharp {
  const channels = format === 'rgb24' ? 3 : 1;
  if (pixels.length !== width * height * channels) {
    throw new UsageError(
      'camera.image-size',
      `A ${width}x${height} ${format} picture has ${pixels.length} bytes; its buffer may have been handed over.`,
    );
  }
  const image = sharp(pixels, { raw: { width, height, channels } });
  return channels === 1 ? image.toColourspace('b-w') : image;
}

function encoded({ width, height }: Picture, mime: EncodedImage['mime'], data: Buffer): EncodedImage {
  return { bytes: new Uint8Array(data.buffer, data.byteOffset, data.length), mime, width, height };
}
