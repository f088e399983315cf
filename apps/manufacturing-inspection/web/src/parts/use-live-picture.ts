import { useEffect, useState } from 'react';
import type { LivePart } from '@edge-blueprints/contracts';
import type { Picture } from '@edge-blueprints/web-kit';
import { useLiveFrame } from '../feed/feed-context.js';

export interface LivePicture {
  readonly part: LivePart;
  readonly picture: Picture;
}

/** Decodes the newest picture. One that was overtaken while it was decoded is dropped; bitmaps are freed at once. */
export function useLivePicture(): LivePicture | null {
  const frame = useLiveFrame();
  const [shown, setShown] = useState<LivePicture | null>(null);
  useEffect(() => {
    if (frame === null) return;
    let current = true;
    createImageBitmap(new Blob([frame.bytes], { type: frame.part.mime })).then(
      (bitmap) => {
        if (!current) return bitmap.close();
        setShown({ part: frame.part, picture: { source: bitmap, width: bitmap.width, height: bitmap.height } });
      },
      // A picture that does not decode leaves the last one standing; its age tells that nothing new came.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [frame]);
  useEffect(() => {
    const source = shown?.picture.source;
    return () => {
      if (source instanceof ImageBitmap) source.close();
    };
  }, [shown]);
  return shown;
}
