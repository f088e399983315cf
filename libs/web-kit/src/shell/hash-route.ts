import { useMemo, useSyncExternalStore } from 'react';

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

/** The part of the address behind `#`, read with the app's own parser; `parse` must not change between renders. */
export function useHashRoute<R>(parse: (hash: string) => R): R {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parse(hash), [hash, parse]);
}

/** Path segments and query of a hash. A segment that cannot be decoded stays as it is: a mistyped link is no fault. */
export function hashParts(hash: string): { readonly path: readonly string[]; readonly query: URLSearchParams } {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  return { path: path.split('/').map(decode), query: new URLSearchParams(query) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
