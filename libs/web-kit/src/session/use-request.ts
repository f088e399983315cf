import { useCallback, useEffect, useState } from 'react';
import { asApiError } from './api-error.js';
import type { ApiError } from './api-error.js';

export type Request<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'done'; readonly value: T }
  | { readonly state: 'failed'; readonly error: ApiError };

/** Loads when `key` changes and on `reload`; an answer that comes after the key has changed is dropped. */
export function useRequest<T>(key: string, load: () => Promise<T>): { readonly request: Request<T>; reload(): void } {
  const [held, setHeld] = useState<{ readonly key: string; readonly request: Request<T> }>({
    key,
    request: { state: 'loading' },
  });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let current = true;
    const settle = (request: Request<T>): void => {
      if (current) setHeld({ key, request });
    };
    load().then(
      (value) => settle({ state: 'done', value }),
      (error: unknown) => settle({ state: 'failed', error: asApiError(error) }),
    );
    return () => {
      current = false;
    };
    // The key stands for everything that `load` closes over.
  }, [key, turn]);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  return { request: held.key === key ? held.request : { state: 'loading' }, reload };
}
