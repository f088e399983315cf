import { isLoopback } from './dashboard-config.js';

/** Response headers of every answer. Nothing is loaded from outside, nothing is framed, scripts are files of our own. */
export function securityHeaders(options: {
  readonly inlineStyles: boolean;
  readonly secure: boolean;
  /** The Host header. */
  readonly host: string | undefined;
}): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${options.inlineStyles ? " 'unsafe-inline'" : ''}`,
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=()',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    // Browsers apply it to all ports of a name, so on localhost it would lock out every plain page beside this one.
    ...(options.secure && !isLoopback((options.host ?? '').replace(/:\d+$/, ''))
      ? { 'Strict-Transport-Security': 'max-age=31536000' }
      : {}),
  };
}
