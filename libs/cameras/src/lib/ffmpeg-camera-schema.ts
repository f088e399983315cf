import { z } from 'zod';
import { reconnectSchema } from './reconnect.js';

/** What all ffmpeg cameras need: ffmpeg scales every picture to this size. */
const picture = {
  id: z.string().min(1).default('camera'),
  width: z.int().min(1).max(16_384),
  height: z.int().min(1).max(16_384),
  format: z.enum(['gray8', 'rgb24']).default('gray8'),
  fit: z.enum(['contain', 'stretch']).default('contain').describe('contain keeps the proportions between grey bars'),
  rateHz: z
    .number()
    .gt(0)
    .max(1000)
    .optional()
    .describe('At most this rate, all pictures without it; a film is brought to this rate'),
  ffmpegPath: z.string().min(1).optional().describe('The ffmpeg program; the first on PATH when left out'),
};

const live = {
  stallMs: z.int().min(1).default(10_000).describe('A camera that is silent for this long is connected again'),
  settleMs: z
    .int()
    .min(0)
    .max(60_000)
    .default(1000)
    .describe('Pictures of a new connection are left out until its shortest delay has stayed the same for so long'),
  reconnect: reconnectSchema.prefault({}),
};
const latency = (ms: number) =>
  z
    .int()
    .min(0)
    .max(10_000)
    .default(ms)
    .describe(
      'Time from the exposure to the picture in memory when nothing is held up; rather too long than too short',
    );

export const videoCameraSchema = z.strictObject({
  kind: z.literal('video'),
  ...picture,
  file: z.string().min(1),
  realTime: z
    .boolean()
    .default(true)
    .describe('At the speed of the film, newest wins; false: frame by frame as they are asked for'),
  loop: z.boolean().default(false),
});

export const rtspCameraSchema = z.strictObject({
  kind: z.literal('rtsp'),
  ...picture,
  ...live,
  latencyMs: latency(100),
  url: z.string().regex(/^rtsps?:\/\/\S+$/, 'an address that begins with rtsp:// or rtsps://'),
  transport: z.enum(['tcp', 'udp']).default('tcp'),
  listen: z
    .boolean()
    .default(false)
    .describe('Waits at the address for a camera that pushes, instead of pulling from it'),
});

export const usbCameraSchema = z.strictObject({
  kind: z.literal('usb'),
  ...picture,
  ...live,
  latencyMs: latency(30),
  device: z
    .string()
    .min(1)
    .optional()
    .describe('Linux: /dev/video0 when left out; macOS: number or name, 0 when left out; Windows: its name'),
  inputFormat: z.string().regex(/^\w+$/).optional().describe('What the camera sends: mjpeg, yuyv422'),
  captureSize: z
    .string()
    .regex(/^\d+x\d+$/, 'width x height, such as 1280x720')
    .optional(),
  captureRateHz: z.number().gt(0).max(1000).optional(),
});

export type VideoCameraConfig = z.infer<typeof videoCameraSchema>;
export type RtspCameraConfig = z.infer<typeof rtspCameraSchema>;
export type UsbCameraConfig = z.infer<typeof usbCameraSchema>;
