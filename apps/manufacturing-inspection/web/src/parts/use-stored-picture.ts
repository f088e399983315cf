import type { StoredImage } from '@edge-blueprints/contracts';
import { useEffect, useState } from 'react';
import { imageUrl } from '../session/station-api.js';
import type { Picture } from './draw-picture.js';

export type StoredPicture =
  | { readonly state: 'none' }
  | { readonly state: 'loading' }
  | { readonly state: 'gone' }
  | { readonly state: 'ready'; readonly picture: Picture };

/** A picture from the evidence store, named by its content, decoded before it is shown. */
export function useStoredPicture(image: StoredImage | null): StoredPicture {
  const sha256 = image?.sha256 ?? null;
  const [held, setHeld] = useState<{ readonly sha256: string; readonly picture: StoredPicture } | null>(null);
  useEffect(() => {
    if (sha256 === null) return;
    let current = true;
    const element = new Image();
    element.src = imageUrl(sha256);
    const settle = (picture: StoredPicture): void => {
      if (current) setHeld({ sha256, picture });
    };
    element.decode().then(
      () =>
        settle({
          state: 'ready',
          picture: { source: element, width: element.naturalWidth, height: element.naturalHeight },
        }),
      () => settle({ state: 'gone' }),
    );
    return () => {
      current = false;
    };
  }, [sha256]);
  if (sha256 === null) return { state: 'none' };
  return held?.sha256 === sha256 ? held.picture : { state: 'loading' };
}
