import type { DashboardConfig } from './dashboard-config.js';
import { isLoopback } from './dashboard-config.js';

/** The parts of a request that say who asks. */
export interface RequestOrigin {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
}

/**
 * True when the Host header names this server. A foreign name means that a stranger's page points its own domain at our
 * address (DNS rebinding), which the browser would treat as that stranger's origin.
 */
export function isKnownHost(host: string | undefined, config: DashboardConfig): boolean {
  const name = hostName(host);
  if (name === undefined) return false;
  if (isLoopback(name)) return true;
  return name === config.host.toLowerCase() || config.allowedHosts.some((known) => known.toLowerCase() === name);
}

/** True when the request comes from our own page, or from a program that is no browser and therefore sends no origin. */
export function isOwnOrigin(request: RequestOrigin): boolean {
  if (request.fetchSite !== undefined && request.fetchSite !== 'same-origin' && request.fetchSite !== 'none')
    return false;
  if (request.origin === undefined) return true;
  const origin = URL.canParse(request.origin) ? new URL(request.origin) : undefined;
  return origin !== undefined && origin.host === request.host?.toLowerCase();
}

function hostName(host: string | undefined): string | undefined {
  if (host === undefined || !URL.canParse(`http://${host}`)) return undefined;
  return new URL(`http://${host}`).hostname;
}
