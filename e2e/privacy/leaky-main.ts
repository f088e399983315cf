// A process that does what the node must not: takes a picture from a camera and lets it out in every way. For the watch alone.
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { cropPicture, encodeJpeg, encodePng, encodeWebp } from '@edge-blueprints/cameras';

const [cameraPort = '', sinkPort = '', folder = ''] = process.argv.slice(2);

const picture = await new Promise<{ pixels: Buffer; width: number; height: number }>((resolve, reject) => {
  const socket = connect(Number(cameraPort), '127.0.0.1');
  let bytes = Buffer.alloc(0);
  socket.on('error', reject);
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    if (bytes.length < 12) return;
    const header = bytes.readUInt32LE(4);
    const size = 12 + header + bytes.readUInt32LE(8);
    if (bytes.length < size) return;
    const { width, height } = JSON.parse(bytes.toString('utf8', 12, 12 + header));
    resolve({ pixels: Buffer.from(bytes.subarray(12 + header, size)), width, height });
    socket.destroy();
  });
});
const { pixels, width, height } = picture;
const frame = { pixels: new Uint8Array(pixels), width, height, format: 'rgb24' as const };
const corner = cropPicture(frame, { xMin: 0, yMin: 0, xMax: 96, yMax: 32 });
const grey = Buffer.from(
  Uint8Array.from({ length: width * 40 }, (_, i) =>
    Math.round(0.299 * (pixels[i * 3] ?? 0) + 0.587 * (pixels[i * 3 + 1] ?? 0) + 0.114 * (pixels[i * 3 + 2] ?? 0)),
  ),
);
const row = [...pixels.subarray(8 * width * 3, 9 * width * 3)];
mkdirSync(folder, { recursive: true });
const file = (name: string, content: string | Uint8Array): void => writeFileSync(join(folder, name), content);

file('raw.bin', pixels);
file('grey.bin', grey);
file('floats.bin', Buffer.from(Float32Array.from(row, (v) => v / 255).buffer));
file('base64.txt', `{"log":"${pixels.subarray(0, 60_000).toString('base64')}"}`);
file('hex.txt', pixels.subarray(0, 60_000).toString('hex'));
file('gzip.bin', gzipSync(pixels));
file('deflate.bin', Buffer.concat([Buffer.from('some text before it '), deflateSync(pixels)]));
file('brotli.bin', brotliCompressSync(pixels.subarray(0, 100_000)));
file('crop.png', (await encodePng(corner)).bytes);
file('frame.jpg', (await encodeJpeg(frame)).bytes);
file('frame.webp', (await encodeWebp(frame)).bytes);
file('list.json', JSON.stringify({ values: row }));
file('small.bin', Buffer.from(Uint8Array.from({ length: 40 * 24 * 3 }, (_, i) => pixels[i * 211] ?? 0)));
file('points.json', JSON.stringify({ people: [{ keypoints: [[1, 2, 0.9]] }] }));
file('track.json', JSON.stringify({ event: 'seen', id: '9f2c11d07ab34e55' }));
file('clean.json', JSON.stringify({ event: 'release', cells: [{ key: 'zone/fruit', value: 35 }] }));
console.error(JSON.stringify({ debug: [...pixels.subarray((8 * width + 8) * 3, (8 * width + 72) * 3)] }));
await new Promise<void>((resolve) => {
  const sink = connect(Number(sinkPort), '127.0.0.1', () => sink.end(pixels.subarray(0, 40_000)));
  sink.resume();
  sink.once('close', () => resolve());
});
