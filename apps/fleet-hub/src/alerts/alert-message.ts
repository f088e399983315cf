import type { AlertKind, AlertSeverity } from './alert-rules.js';

/** What leaves the hub for one alert. Also the body of the webhook. */
export interface AlertMessage {
  readonly phase: 'raised' | 'cleared' | 'test';
  readonly id: number;
  readonly site: string;
  /** `*` for the whole site. */
  readonly device: string;
  readonly kind: AlertKind | 'test';
  readonly severity: AlertSeverity;
  readonly text: string;
  /** UTC. */
  readonly raisedAt: string;
  readonly clearedAt: string | null;
}

/** One way out of the hub. */
export interface AlertOutput {
  readonly name: string;
  readonly minSeverity: AlertSeverity;
  /** @throws EdgeError `alerts.output-...` with retry `safe` where trying again may help */
  send(message: AlertMessage, signal: AbortSignal): Promise<void>;
}

/** One line for a person. */
export function subjectOf({ phase, severity, site, device, kind }: AlertMessage): string {
  const where = device === '*' ? `site ${site}` : `${site}/${device}`;
  if (phase === 'test') return 'Test message of the fleet hub';
  return phase === 'cleared' ? `Cleared: ${kind} at ${where}` : `${severity}: ${kind} at ${where}`;
}
