import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { ConfigError } from '@edge-blueprints/contracts';

/**
 * Path of the ffmpeg program: `ffmpegPath` where given, else the first one on PATH. The program is optional: only video
 * files, RTSP and USB cameras need it.
 * @throws ConfigError `camera.ffmpeg-missing` that names the remedy
 */
export async function findFfmpeg(ffmpegPath?: string, searchPath = process.env['PATH'] ?? ''): Promise<string> {
  const name = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';
  const folders = searchPath.split(delimiter).filter((folder) => folder !== '');
  for (const candidate of ffmpegPath === undefined ? folders.map((folder) => join(folder, name)) : [ffmpegPath]) {
    if (await isExecutable(candidate)) return candidate;
  }
  const where = ffmpegPath === undefined ? 'on PATH' : `at ${ffmpegPath}, which ffmpegPath names`;
  throw new ConfigError(
    'camera.ffmpeg-missing',
    `Video files, RTSP and USB cameras need ffmpeg, and there is none ${where}. ` +
      'Install it (Debian, Ubuntu: apt-get install ffmpeg; macOS: brew install ffmpeg) or set ffmpegPath.',
  );
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
