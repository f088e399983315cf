import { connect, type Socket } from 'node:net';
import { DeviceError, type FrameSource } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { CameraSurroundings } from './camera-surroundings.js';
import { createFedSource, type FrameFeed } from './frame-feed.js';
import { createFrameDecoder, type FrameSocketMessage } from './frame-socket-codec.js';
import { reconnectSchema, stayConnected } from './reconnect.js';

export const socketCameraSchema = z
  .strictObject({
    kind: z.literal('socket'),
    id: z.string().min(1).default('camera'),
    host: z.string().min(1).default('127.0.0.1'),
    port: z.int().min(1).max(65_535).optional(),
    path: z.string().min(1).optional().describe('Unix socket instead of host and port'),
    maxPixelBytes: z
      .int()
      .min(1)
      .default(64 * 1024 * 1024),
    connectTimeoutMs: z.int().min(1).default(3000),
    reconnect: reconnectSchema.prefault({}),
  })
  .refine((c) => (c.port === undefined) !== (c.path === undefined), {
    error: 'give either port or path',
    path: ['port'],
  });

export type SocketCameraConfig = z.infer<typeof socketCameraSchema>;

const readBufferBytes = 256 * 1024;

/** Client of the frame socket (docs/frame-socket.md). Reconnects until it is stopped. */
export function createSocketCamera(config: SocketCameraConfig, surroundings: CameraSurroundings): FrameSource {
  const { id, reconnect: rules } = config;
  return createFedSource(id, (feed, stop) =>
    stayConnected({
      camera: id,
      connectOnce: (alive) => readConnection(config, surroundings, feed, stop, alive),
      feed,
      rules,
      stop,
      random: surroundings.random,
      logger: surroundings.logger,
    }),
  );
}

function readConnection(
  config: SocketCameraConfig,
  { clock, logger }: CameraSurroundings,
  feed: FrameFeed,
  stop: AbortSignal,
  alive: () => void,
): Promise<void> {
  const decoder = createFrameDecoder({ maxPixelBytes: config.maxPixelBytes });
  const accept = (message: FrameSocketMessage): void => {
    if (message.kind === 'corrupt') {
      feed.corrupt();
      logger.warn('frame.corrupt', { camera: config.id, reason: message.reason });
      return;
    }
    feed.put({ ...message.header, source: config.id, receivedAtMs: clock.monotonicMs(), pixels: message.pixels });
  };
  return new Promise((resolve, reject) => {
    let failure: unknown;
    const buffer = Buffer.allocUnsafeSlow(readBufferBytes);
    const read = (count: number): boolean => {
      try {
        for (const message of decoder.push(buffer.subarray(0, count))) accept(message);
      } catch (error) {
        feed.corrupt();
        failure = error;
        socket.destroy();
        return false;
      }
      return true;
    };
    const socket = open(config, { buffer, callback: read });
    const timer = setTimeout(() => {
      failure = unreachable(config, `no answer within ${config.connectTimeoutMs} ms`);
      socket.destroy();
    }, config.connectTimeoutMs);
    const onStop = (): void => void socket.destroy();
    stop.addEventListener('abort', onStop, { once: true });
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.setKeepAlive(true, 5000);
      alive();
    });
    socket.once('error', (error) => (failure ??= unreachable(config, error.message)));
    socket.once('close', () => {
      clearTimeout(timer);
      stop.removeEventListener('abort', onStop);
      if (decoder.pendingBytes > 0 && failure === undefined) feed.corrupt();
      if (failure === undefined) resolve();
      else reject(failure);
    });
  });
}

function open(
  config: SocketCameraConfig,
  onread: { buffer: Uint8Array; callback: (count: number) => boolean },
): Socket {
  return config.path === undefined
    ? connect({ host: config.host, port: config.port ?? 0, onread })
    : connect({ path: config.path, onread });
}

function unreachable(config: SocketCameraConfig, what: string): DeviceError {
  const address = config.path ?? `${config.host}:${config.port}`;
  return new DeviceError(
    'camera.unreachable',
    `The frame socket at ${address} cannot be read: ${what}. Is the camera process running there?`,
    {
      retry: 'safe',
      context: { address },
    },
  );
}
