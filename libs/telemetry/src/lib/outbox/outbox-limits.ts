import { fleetLimits, runIdPattern, UsageError } from '@edge-blueprints/contracts';
import type { OutboxLimits } from './outbox-port.js';

/** What must be left for events that are not critical. */
const leastRest = 2 * fleetLimits.eventBytes;

/** @throws UsageError `outbox.limits` with every problem at once */
export function checkOutboxLimits(options: OutboxLimits & { readonly boot: string; readonly newEpoch: string }): void {
  const { maxBytes, criticalBytes, maxAgeMs, boot, newEpoch } = options;
  const problems = [
    ...(criticalBytes >= 4_096 ? [] : [`criticalBytes is ${criticalBytes}; give at least 4096`]),
    ...(maxBytes - criticalBytes >= leastRest
      ? []
      : [`maxBytes is ${maxBytes} with ${criticalBytes} for critical events; leave at least ${leastRest} besides`]),
    ...(maxAgeMs >= 1_000 ? [] : [`maxAgeMs is ${maxAgeMs}; give at least 1000`]),
    ...(runIdPattern.test(boot) ? [] : [`boot is "${boot}"; give 16 hex digits`]),
    ...(runIdPattern.test(newEpoch) ? [] : [`newEpoch is "${newEpoch}"; give 16 hex digits`]),
  ];
  if (problems.length > 0)
    throw new UsageError('outbox.limits', `The outbox cannot be opened: ${problems.join('; ')}.`);
}
