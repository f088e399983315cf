import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deviceRemedy, listVideoDevices, usbInput } from './usb-device.js';

const whole = { id: 'cam', device: undefined, inputFormat: 'mjpeg', captureSize: '1280x720', captureRateHz: 30 };

describe('usbInput', () => {
  it('opens V4L2 on Linux', () => {
    expect(usbInput(whole, 'linux').join(' ')).toBe(
      '-f v4l2 -input_format mjpeg -video_size 1280x720 -framerate 30 -i /dev/video0',
    );
    const bare = {
      id: 'cam',
      device: '/dev/video2',
      inputFormat: undefined,
      captureSize: undefined,
      captureRateHz: undefined,
    };
    expect(usbInput(bare, 'linux')).toEqual(['-f', 'v4l2', '-i', '/dev/video2']);
  });

  it('opens AVFoundation on macOS, without a microphone', () => {
    expect(usbInput({ ...whole, inputFormat: 'uyvy422' }, 'darwin').join(' ')).toBe(
      '-f avfoundation -pixel_format uyvy422 -video_size 1280x720 -framerate 30 -i 0:none',
    );
  });

  it('opens DirectShow on Windows, by name', () => {
    const device = 'Integrated Camera';
    expect(usbInput({ ...whole, device }, 'win32')).toEqual([
      ...['-f', 'dshow', '-vcodec', 'mjpeg', '-video_size', '1280x720', '-framerate', '30'],
      ...['-i', 'video=Integrated Camera'],
    ]);
    expect(usbInput({ ...whole, device, inputFormat: 'yuyv422' }, 'win32')).toContain('-pixel_format');
    expect(() => usbInput(whole, 'win32')).toThrow(expect.objectContaining({ code: 'camera.device-unnamed' }));
  });
});

describe('listVideoDevices', () => {
  it('lists them in the order of their numbers, with their names', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dev-'));
    for (const name of ['video10', 'video2', 'vcs', 'video']) await writeFile(join(folder, name), '');
    const names = join(folder, 'sys');
    await mkdir(join(names, 'video2'), { recursive: true });
    await writeFile(join(names, 'video2', 'name'), 'Line camera\n');
    expect(await listVideoDevices(folder, names)).toEqual([
      { path: `${folder}/video2`, name: 'Line camera' },
      { path: `${folder}/video10`, name: '' },
    ]);
    await rm(folder, { recursive: true });
    expect(await listVideoDevices(folder)).toEqual([]);
  });
});

describe('deviceRemedy', () => {
  it.each(['linux', 'darwin', 'win32'] as const)('names what to set on %s', async (platform) => {
    expect(await deviceRemedy(platform)).toMatch(/Plug .*set "device"/);
  });
});
