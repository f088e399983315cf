// Stands between a rig's camera and the node: every picture goes through with the canary stamped into it.
import { createServer, connect, type Socket } from 'node:net';
import { stamp } from './canary.js';

const magic = 'EFS1';
const prefix = 12;

export interface FrameRelay {
  readonly port: number;
  readonly frames: () => number;
  /** A picture as it went through. */
  readonly last: () => { readonly pixels: Buffer; readonly width: number; readonly height: number } | undefined;
  close(): void;
}

export async function startFrameRelay(cameraPort: number): Promise<FrameRelay> {
  let frames = 0;
  let last: ReturnType<FrameRelay['last']>;
  const open = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => open.delete(socket));
    return socket;
  };
  const server = createServer((node) => {
    keep(node);
    const camera = keep(connect(cameraPort, '127.0.0.1'));
    let chunks: Buffer[] = [];
    let have = 0;
    camera.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      have += chunk.length;
      let bytes = have >= prefix ? Buffer.concat(chunks) : Buffer.alloc(0);
      while (bytes.length >= prefix) {
        if (bytes.toString('latin1', 0, 4) !== magic) return void camera.destroy();
        const header = bytes.readUInt32LE(4);
        const size = prefix + header + bytes.readUInt32LE(8);
        if (bytes.length < size) break;
        const message = Buffer.from(bytes.subarray(0, size));
        const { width, height, format } = JSON.parse(message.toString('utf8', prefix, prefix + header)) as Record<
          string,
          unknown
        >;
        if (typeof width === 'number' && typeof height === 'number' && format === 'rgb24') {
          const pixels = message.subarray(prefix + header);
          stamp(pixels, width);
          last = { pixels, width, height };
          frames += 1;
        }
        if (!node.destroyed && node.writableLength < 8 * size) node.write(message);
        bytes = bytes.subarray(size);
      }
      if (have >= prefix) {
        chunks = [bytes];
        have = bytes.length;
      }
    });
    node.once('close', () => camera.destroy());
    camera.once('close', () => node.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    frames: () => frames,
    last: () => last,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
