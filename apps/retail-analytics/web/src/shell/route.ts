import { hashParts } from '@edge-blueprints/web-kit';

export const pages = ['now', 'hours', 'zones', 'cameras', 'plan', 'privacy'] as const;

/** Every page has an address that can be shared: the part of the URL behind `#`. */
export interface Route {
  readonly page: (typeof pages)[number];
  /** The camera whose calibration is shown, on the page of the cameras. */
  readonly camera?: string;
}

/** Unknown addresses lead to the first page: a mistyped link must still show the store. */
export function parseRoute(hash: string): Route {
  const [first, camera] = hashParts(hash).path;
  const page = pages.find((each) => each === first) ?? 'now';
  return page === 'cameras' && camera ? { page, camera } : { page };
}

export function routeHref({ page, camera }: Route): string {
  if (camera !== undefined) return `#/${page}/${encodeURIComponent(camera)}`;
  return page === 'now' ? '#/' : `#/${page}`;
}
