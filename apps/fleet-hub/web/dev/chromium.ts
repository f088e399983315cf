import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

export function openChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--enable-precise-memory-info',
    ],
  });
}

/** Signs in over HTTP: the fixture server holds one session for everybody who asks. */
export async function signIn(url: string, user: string): Promise<void> {
  await fetch(`${url}/api/sign-in`, { method: 'POST', body: JSON.stringify({ user, password: 'fixture' }) });
}
