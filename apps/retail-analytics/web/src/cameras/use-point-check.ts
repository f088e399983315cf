import { asApiError } from '@edge-blueprints/web-kit';
import { useEffect, useState } from 'react';
import type { CalibrationPoint } from '@edge-blueprints/contracts';
import { useApi } from '../session/store-api.js';
import type { CalibrationErrors } from '../session/store-api.js';

export const fewestPoints = 5;
const pauseMs = 400;

export type PointCheck =
  | { readonly state: 'few' }
  | { readonly state: 'checking' }
  | { readonly state: 'done'; readonly errors: CalibrationErrors }
  | { readonly state: 'failed'; readonly message: string };

/** Asks the node for the errors of the points shortly after they have changed; a busy node is asked again. */
export function usePointCheck(camera: string, points: readonly CalibrationPoint[]): PointCheck {
  const api = useApi();
  const key = JSON.stringify(points);
  const [held, setHeld] = useState<{ readonly key: string; readonly check: PointCheck }>();
  const [turn, setTurn] = useState(0);
  const isFew = points.length < fewestPoints;
  useEffect(() => {
    if (isFew) return undefined;
    let current = true;
    const timer = setTimeout(() => {
      api.checkPoints(camera, points).then(
        (errors) => current && setHeld({ key, check: { state: 'done', errors } }),
        (error: unknown) => {
          if (!current) return;
          const { status, message } = asApiError(error);
          if (status === 429) setTurn((n) => n + 1);
          else setHeld({ key, check: { state: 'failed', message } });
        },
      );
    }, pauseMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
    // The key stands for the points.
  }, [api, camera, key, isFew, turn]);
  if (isFew) return { state: 'few' };
  return held?.key === key ? held.check : { state: 'checking' };
}
