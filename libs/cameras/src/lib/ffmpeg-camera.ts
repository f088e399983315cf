import { access } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { ConfigError, DeviceError, errorCode, errorMessage, type FrameSource } from '@edge-blueprints/contracts';
import type { CameraSurroundings } from './camera-surroundings.js';
import { ffmpegArguments } from './ffmpeg-arguments.js';
import type { RtspCameraConfig, UsbCameraConfig, VideoCameraConfig } from './ffmpeg-camera-schema.js';
import { asTheyCome, runFfmpeg } from './ffmpeg-process.js';
import { findFfmpeg } from './find-ffmpeg.js';
import { createFedSource, type FrameFeed } from './frame-feed.js';
import { pixelBytesOf } from './frame-socket-codec.js';
import { createPictureClock } from './picture-clock.js';
import { createRawFrameCutter } from './raw-frame-cutter.js';
import { stayConnected } from './reconnect.js';
import { deviceRemedy, usbDeviceOf, usbInput } from './usb-device.js';

type FfmpegConfig = VideoCameraConfig | RtspCameraConfig | UsbCameraConfig;
type LiveConfig = RtspCameraConfig | UsbCameraConfig;

// A film has no exposure: its `capturedAtMs` is the arrival. A live picture's is reckoned from its time in the stream.

/**
 * Plays a video file: at its own speed, newest frame wins, or frame by frame as the consumer asks for them.
 * @throws ConfigError in the iteration: `camera.file-missing`, `camera.ffmpeg-missing`; DeviceError `camera.ffmpeg-failed`
 */
export function createVideoCamera(config: VideoCameraConfig, surroundings: CameraSurroundings): FrameSource {
  return createFedSource(config.id, async (feed, stop) => {
    await access(config.file).catch((error: unknown) => {
      throw new ConfigError('camera.file-missing', `The video ${config.file} cannot be read: ${errorMessage(error)}.`, {
        cause: error,
      });
    });
    const speed = config.realTime ? ['-re'] : [];
    const repeat = config.loop ? ['-stream_loop', '-1'] : [];
    // The prefix keeps ffmpeg from reading a name such as `concat:a|b` as a protocol.
    const input = [...speed, ...repeat, '-i', `file:${config.file}`];
    const counter = { sequence: 0 };
    await readOnce(config, input, {
      surroundings,
      feed,
      stop,
      counter,
      patient: !config.realTime,
      alive: () => feed.connection(true),
    });
  });
}

/** Pulls an RTSP camera, or waits for one that pushes; a lost or silent camera is connected again. */
export function createRtspCamera(config: RtspCameraConfig, surroundings: CameraSurroundings): FrameSource {
  const wait = config.listen ? ['-rtsp_flags', 'listen'] : [];
  // Without these ffmpeg collects seconds of film before it gives the first picture.
  const prompt = ['-fflags', 'nobuffer', '-flags', 'low_delay', '-analyzeduration', '500000'];
  const input = ['-rtsp_transport', config.transport, ...wait, ...prompt, '-i', config.url];
  return createLiveCamera(config, input, surroundings);
}

/**
 * Opens a USB camera of this machine; an unplugged one is opened again when it is back.
 * @param platform whose way to open a camera
 * @throws ConfigError `camera.device-unnamed`
 */
export function createUsbCamera(
  config: UsbCameraConfig,
  surroundings: CameraSurroundings,
  platform: NodeJS.Platform = process.platform,
): FrameSource {
  return createLiveCamera(config, usbInput(config, platform), surroundings, async (error) => {
    if (errorCode(error) !== 'camera.ffmpeg-failed') return error;
    const device = usbDeviceOf(config, platform);
    return new DeviceError(
      'camera.device-unusable',
      `Camera ${config.id} cannot use ${device}: ${errorMessage(error)}. ${await deviceRemedy(platform)}`,
      { retry: 'safe', cause: error },
    );
  });
}

function createLiveCamera(
  config: LiveConfig,
  input: readonly string[],
  surroundings: CameraSurroundings,
  explained: (error: unknown) => Promise<unknown> = (error) => Promise.resolve(error),
): FrameSource {
  const { random, logger } = surroundings;
  const counter = { sequence: 0 };
  return createFedSource(config.id, (feed, stop) =>
    stayConnected({
      ...{ camera: config.id, feed, rules: config.reconnect, random, logger, stop },
      connectOnce: (alive) =>
        readOnce(config, input, { surroundings, feed, stop, counter, patient: false, alive, live: config }).catch(
          async (error: unknown) => {
            throw await explained(error);
          },
        ),
    }),
  );
}

interface Reading {
  readonly surroundings: CameraSurroundings;
  readonly feed: FrameFeed;
  readonly stop: AbortSignal;
  /** Counts over reconnects. */
  readonly counter: { sequence: number };
  /** Waits for the consumer instead of superseding. */
  readonly patient: boolean;
  readonly alive: () => void;
  /** Of a camera; a film has none. */
  readonly live?: LiveConfig;
}

async function readOnce(config: FfmpegConfig, input: readonly string[], reading: Reading): Promise<void> {
  const { surroundings, feed, stop, counter, patient, alive, live } = reading;
  const stallMs = live?.stallMs;
  const { clock } = surroundings;
  const program = await findFfmpeg(config.ffmpegPath);
  if (stop.aborted) return;
  const run = runFfmpeg(program, ffmpegArguments(input, config, live && (await asTheyCome(program))));
  const pictures = createPictureClock(config.id, run.side, live);
  const cutter = createRawFrameCutter(pixelBytesOf(config.width, config.height, config.format));
  let stalled = false;
  const hangUp = (): void => {
    run.stdout.destroy();
    run.side.destroy();
  };
  const watchdog = setTimeout(() => {
    stalled = true;
    hangUp();
  }, stallMs ?? 0);
  if (stallMs === undefined) clearTimeout(watchdog);
  stop.addEventListener('abort', hangUp, { once: true });
  try {
    for await (const chunk of chunksOf(run.stdout, () => stalled || stop.aborted)) {
      for (const pixels of cutter.push(chunk)) {
        if (patient && !(await feed.demand())) return;
        const receivedAtMs = clock.monotonicMs();
        const capturedAtMs = await pictures.capturedAt(receivedAtMs);
        if (stallMs !== undefined && !stalled) watchdog.refresh();
        if (capturedAtMs === undefined) continue;
        alive();
        const { id: source, width, height, format } = config;
        const times = { capturedAtMs, receivedAtMs, epochMs: clock.epochMs() - (receivedAtMs - capturedAtMs) };
        feed.put({ source, sequence: counter.sequence, ...times, width, height, format, pixels });
        counter.sequence += 1;
      }
    }
    if (stalled)
      throw new DeviceError('camera.stalled', `Camera ${config.id} sent no frame for ${stallMs} ms.`, {
        retry: 'safe',
      });
    if (stop.aborted) return;
    if (cutter.pendingBytes > 0) feed.corrupt();
    await run.finished();
  } finally {
    clearTimeout(watchdog);
    stop.removeEventListener('abort', hangUp);
    await run.stop();
  }
}

/** The chunks of a stream; one that we closed ourselves ends without an error. */
async function* chunksOf(stream: Readable, closedByUs: () => boolean): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) if (chunk instanceof Uint8Array) yield chunk;
  } catch (error) {
    if (!closedByUs()) throw error;
  }
}
