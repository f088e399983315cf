import { useEffect, useState } from 'react';
import type { Picture } from './draw-picture.js';

export type StoredPicture =
  | { readonly state: 'none' }
  | { readonly state: 'loading' }
  | { readonly state: 'gone' }
  | { readonly state: 'ready'; readonly picture: Picture };

/** A picture that never changes under its address, decoded before it is shown; null for none. */
export function useStoredPicture(url: string | null): StoredPicture {
  const [held, setHeld] = useState<{ readonly url: string; readonly picture: StoredPicture } | null>(null);
  useEffect(() => {
    if (url === null) return;
    let current = true;
    const element = new Image();
    element.src = url;
    const settle = (picture: StoredPicture): void => {
      if (current) setHeld({ url, picture });
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
  }, [url]);
  if (url === null) return { state: 'none' };
  return held?.url === url ? held.picture : { state: 'loading' };
}
