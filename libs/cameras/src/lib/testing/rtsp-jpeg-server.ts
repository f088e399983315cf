import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** An RTSP camera for specs: one RTP/JPEG track, interleaved on the TCP connection (RFC 2326 section 10.12, RFC 2435). */
export interface RtspJpegServer {
  readonly url: string;
  /** Breaks all connections off; new ones are served. */
  hangUp(): void;
  close(): void;
}

/** @param startRtp makes somebody send RTP/JPEG to this UDP port */
export async function serveRtspJpeg(startRtp: (port: number) => unknown): Promise<RtspJpegServer> {
  const playing = new Set<Socket>();
  const open = new Set<Socket>();
  const rtp = createSocket('udp4');
  rtp.on('message', (packet) => {
    const head = Buffer.from([0x24, 0, packet.length >> 8, packet.length & 0xff]);
    for (const socket of playing) socket.write(Buffer.concat([head, packet]));
  });
  rtp.bind(0, '127.0.0.1');
  await once(rtp, 'listening');
  startRtp(rtp.address().port);

  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      open.delete(socket);
      playing.delete(socket);
    });
    socket.setEncoding('latin1');
    let text = '';
    socket.on('data', (chunk: string) => {
      text += chunk;
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        answer(socket, text.slice(0, end), playing);
        text = text.slice(end + 4);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `rtsp://127.0.0.1:${port}/camera`,
    hangUp() {
      for (const socket of open) socket.destroy();
    },
    close() {
      for (const socket of open) socket.destroy();
      server.close();
      rtp.close();
    },
  };
}

function answer(socket: Socket, request: string, playing: Set<Socket>): void {
  const method = request.trimStart().split(' ')[0] ?? '';
  const sequence = /CSeq: *(\d+)/i.exec(request)?.[1] ?? '0';
  const sdp = 'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=camera\r\nt=0 0\r\nm=video 0 RTP/AVP 26\r\na=control:track0\r\n';
  const more: Record<string, string> = {
    OPTIONS: 'Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n\r\n',
    DESCRIBE: `Content-Type: application/sdp\r\nContent-Length: ${sdp.length}\r\n\r\n${sdp}`,
    SETUP: 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n\r\n',
    PLAY: 'Session: 1\r\n\r\n',
  };
  socket.write(`RTSP/1.0 200 OK\r\nCSeq: ${sequence}\r\n${more[method] ?? 'Session: 1\r\n\r\n'}`);
  if (method === 'PLAY') playing.add(socket);
}
