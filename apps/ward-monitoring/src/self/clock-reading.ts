/** What the machine's time service says of the wall clock. */
export interface ClockReading {
  readonly source: 'chrony' | 'timesyncd' | 'operator' | 'none';
  readonly synced: boolean;
  /** Wall clock less true time, ms; absent where the source does not tell. */
  readonly offsetMs?: number;
}

/**
 * One line of `chronyc -c tracking`: fifth field how far the clock is behind in seconds, last field the leap status.
 * @returns undefined for anything else
 */
export function readChronyTracking(text: string): ClockReading | undefined {
  const fields = text.trim().split(',');
  const behindS = Number(fields[4]);
  const leap = fields.at(-1)?.toLowerCase();
  if (fields.length < 14 || fields[4] === '' || !Number.isFinite(behindS) || leap === undefined) return undefined;
  const synced = leap !== 'not synchronised';
  return { source: 'chrony', synced, ...(synced ? { offsetMs: -1_000 * behindS } : {}) };
}

const unitMs: Readonly<Record<string, number>> = { us: 0.001, µs: 0.001, ms: 1, s: 1_000, min: 60_000, h: 3_600_000 };

/**
 * `timedatectl timesync-status`: "Offset: -1.038ms", how far the server is ahead; "1min 2.5s" is one as well.
 * @returns undefined where no server answered yet
 */
export function readTimesyncStatus(text: string): ClockReading | undefined {
  const given = /^\s*Offset:\s*([+-]?)(.+)$/m.exec(text);
  const parts = [...(given?.[2] ?? '').trim().matchAll(/(\d+(?:\.\d+)?)(us|µs|ms|s|min|h)\b/g)];
  if (given === null || parts.length === 0) return undefined;
  const aheadMs = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (unitMs[unit ?? ''] ?? 0), 0);
  return { source: 'timesyncd', synced: true, offsetMs: given[1] === '-' ? aheadMs : -aheadMs };
}
