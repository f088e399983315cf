export {
  createFrameDecoder,
  encodeFrameHeader,
  frameSocketHeaderSchema,
  pixelBytesOf,
} from './lib/frame-socket-codec.js';
export type { FrameDecoder, FrameSocketHeader, FrameSocketMessage } from './lib/frame-socket-codec.js';
export type { CameraSurroundings } from './lib/camera-surroundings.js';
export { createSocketCamera, socketCameraSchema } from './lib/socket-camera.js';
export type { SocketCameraConfig } from './lib/socket-camera.js';
export { createFolderCamera, folderCameraSchema } from './lib/folder-camera.js';
export type { FolderCameraConfig } from './lib/folder-camera.js';
export { listPictures } from './lib/picture-folder.js';
export type { FolderPicture } from './lib/picture-folder.js';
export { createTemplateStore } from './lib/template-store.js';
export type { TemplateStore } from './lib/template-store.js';
export { cropPicture, decodeGray, decodeImage, encodeJpeg, encodePng, encodeWebp } from './lib/image-codec.js';
export type { EncodedImage } from './lib/image-codec.js';
export { createRtspCamera, createUsbCamera, createVideoCamera } from './lib/ffmpeg-camera.js';
export { rtspCameraSchema, usbCameraSchema, videoCameraSchema } from './lib/ffmpeg-camera-schema.js';
export type { RtspCameraConfig, UsbCameraConfig, VideoCameraConfig } from './lib/ffmpeg-camera-schema.js';
export { cameraSchema, createCamera } from './lib/create-camera.js';
export type { CameraConfig } from './lib/create-camera.js';
export { listVideoDevices } from './lib/usb-device.js';
export type { VideoDevice } from './lib/usb-device.js';
export { findFfmpeg } from './lib/find-ffmpeg.js';
export { asTheyCome, ffmpegVersion } from './lib/ffmpeg-process.js';
export { redactUrls } from './lib/redact-url.js';
