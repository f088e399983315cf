import { stat } from 'node:fs/promises';
import type { Clock, Frame, Logger, Random } from '@edge-blueprints/contracts';
import { ConfigError } from '@edge-blueprints/contracts';
import { createVideoCamera, decodeImage, listPictures } from '@edge-blueprints/cameras';

export interface FootageOptions {
  /** A film or a folder of pictures. */
  readonly path: string;
  /** Films are scaled into this size, sides kept. */
  readonly width: number;
  readonly height: number;
  /** Every so manieth picture. */
  readonly every: number;
  readonly limit: number;
  readonly surroundings: { readonly clock: Clock; readonly random: Random; readonly logger: Logger };
}

/** Pictures of a film or of a folder, one after the other, with a name for each. @throws ConfigError `people.data` */
export async function* footage(options: FootageOptions): AsyncGenerator<Frame & { readonly name: string }> {
  const { path, every, limit } = options;
  const found = await stat(path).catch(() => undefined);
  if (found === undefined)
    throw new ConfigError('people.data', `${path} is not there: give mot17 folder, film or pictures`);
  let taken = 0;
  let at = 0;
  for await (const frame of found.isDirectory() ? pictures(path) : film(options)) {
    if (at++ % every !== 0) continue;
    yield frame;
    taken += 1;
    if (taken >= limit) return;
  }
}

async function* pictures(folder: string): AsyncGenerator<Frame & { readonly name: string }> {
  let sequence = 0;
  for (const { name, file } of await listPictures(folder)) {
    yield { ...(await decodeImage(file, 'rgb24')), ...still(sequence), name };
    sequence += 1;
  }
}

async function* film({ path, width, height, surroundings }: FootageOptions) {
  const camera = createVideoCamera(
    {
      ...{ kind: 'video', id: 'film', file: path, width, height, format: 'rgb24', fit: 'contain' },
      ...{ realTime: false, loop: false },
    },
    surroundings,
  );
  const stop = new AbortController();
  try {
    for await (const frame of camera.frames(stop.signal))
      yield { ...frame, name: `frame-${String(frame.sequence).padStart(5, '0')}` };
  } finally {
    stop.abort();
    await camera.close();
  }
}

/** Times of a picture that nobody just took. */
export function still(sequence: number) {
  return { source: 'pictures', sequence, capturedAtMs: 0, receivedAtMs: 0, epochMs: 0 };
}
