import { readdir, readFile } from 'node:fs/promises';
import { ConfigError } from '@edge-blueprints/contracts';
import type { UsbCameraConfig } from './ffmpeg-camera-schema.js';

type UsbSettings = Pick<UsbCameraConfig, 'id' | 'device' | 'inputFormat' | 'captureSize' | 'captureRateHz'>;

/** The configured device, or what the operating system calls its first camera. */
export function usbDeviceOf({ id, device }: UsbSettings, platform: NodeJS.Platform): string {
  if (device !== undefined) return device;
  if (platform === 'win32')
    throw new ConfigError(
      'camera.device-unnamed',
      `Camera ${id} needs the name of its device on Windows: set "device" to one that ` +
        '"ffmpeg -list_devices true -f dshow -i dummy" prints.',
    );
  return platform === 'darwin' ? '0' : '/dev/video0';
}

/**
 * ffmpeg's arguments up to `-i <device>`: V4L2 on Linux, AVFoundation on macOS, DirectShow on Windows.
 * @throws ConfigError `camera.device-unnamed`
 */
export function usbInput(settings: UsbSettings, platform: NodeJS.Platform): readonly string[] {
  const { captureSize, captureRateHz, inputFormat } = settings;
  const device = usbDeviceOf(settings, platform);
  const size = captureSize === undefined ? [] : ['-video_size', captureSize];
  const rate = captureRateHz === undefined ? [] : ['-framerate', String(captureRateHz)];
  const format = (name: string): readonly string[] => (inputFormat === undefined ? [] : [name, inputFormat]);
  // AVFoundation opens a microphone too unless told not to.
  if (platform === 'darwin')
    return ['-f', 'avfoundation', ...format('-pixel_format'), ...size, ...rate, '-i', `${device}:none`];
  if (platform === 'win32') {
    const compressed = inputFormat === 'mjpeg' || inputFormat === 'h264';
    return [
      '-f',
      'dshow',
      ...format(compressed ? '-vcodec' : '-pixel_format'),
      ...size,
      ...rate,
      '-i',
      `video=${device}`,
    ];
  }
  return ['-f', 'v4l2', ...format('-input_format'), ...size, ...rate, '-i', device];
}

export interface VideoDevice {
  /** `/dev/video0` */
  readonly path: string;
  /** What the driver calls it; empty where it does not say. */
  readonly name: string;
}

/** The V4L2 devices of a Linux machine; none on other systems. */
export async function listVideoDevices(
  folder = '/dev',
  names = '/sys/class/video4linux',
): Promise<readonly VideoDevice[]> {
  const entries = await readdir(folder).catch((): string[] => []);
  const nodes = entries.filter((entry) => /^video\d+$/.test(entry));
  nodes.sort((a, b) => Number(a.slice(5)) - Number(b.slice(5)));
  return Promise.all(
    nodes.map(async (node) => ({
      path: `${folder}/${node}`,
      name: (await readFile(`${names}/${node}/name`, 'utf8').catch(() => '')).trim(),
    })),
  );
}

/** What to do about a device that ffmpeg cannot open. */
export async function deviceRemedy(platform: NodeJS.Platform): Promise<string> {
  if (platform === 'darwin')
    return 'Plug it in, allow the terminal to use the camera, or set "device" (ffmpeg -f avfoundation -list_devices true -i "").';
  if (platform === 'win32') return 'Plug it in, or set "device" (ffmpeg -list_devices true -f dshow -i dummy).';
  const found = (await listVideoDevices()).map(({ path, name }) => (name === '' ? path : `${path} (${name})`));
  const here = found.length === 0 ? 'This machine has no video device' : `This machine has ${found.join(', ')}`;
  return `${here}. Plug the camera in, set "device", or let this user read it (group video).`;
}
