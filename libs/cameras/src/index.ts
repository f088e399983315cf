export {
  createFrameDecoder,
  encodeFrameHeader,
  frameSocketHeaderSchema,
  pixelBytesOf,
} from './lib/frame-socket-codec.js';
export type { FrameDecoder, FrameSocketHeader, FrameSocketMessage } from './lib/frame-socket-codec.js';
