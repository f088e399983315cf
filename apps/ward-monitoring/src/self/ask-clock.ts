import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type ClockReading, readChronyTracking, readTimesyncStatus } from './clock-reading.js';

/** systemd-timesyncd makes this file once it has a source. */
const syncedFile = '/run/systemd/timesync/synchronized';
const timeoutMs = 2_000;
const chrony = ['/usr/bin/chronyc', '-c', 'tracking'];
const timesyncd = ['/usr/bin/timedatectl', 'timesync-status'];

/** Asks chrony, then systemd-timesyncd; a machine without either has no source. Never rejects, and waits at most four seconds. */
export async function askClock(): Promise<ClockReading> {
  const reading = readChronyTracking(await output(chrony)) ?? readTimesyncStatus(await output(timesyncd));
  if (reading !== undefined) return reading;
  return existsSync(syncedFile) ? { source: 'timesyncd', synced: true } : { source: 'none', synced: false };
}

function output([program = '', ...args]: readonly string[]): Promise<string> {
  if (!existsSync(program)) return Promise.resolve('');
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };
  return new Promise((resolve) =>
    execFile(program, args, { timeout: timeoutMs, env }, (error, text) => resolve(error === null ? text : '')),
  );
}
