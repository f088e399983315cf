import { formatSyslog } from '@edge-blueprints/contracts';
import type { AlertMessage } from '../alert-message.js';
import { subjectOf } from '../alert-message.js';

/** What every receiver takes over UDP. @see RFC 5424 section 6.1, RFC 5426 section 3.2 */
const maxBytes = 2_048;
const severities = { alarm: 2, warning: 4, cleared: 5, test: 6 } as const;

/** An alert in the form of RFC 5424, at most 2,048 bytes. */
export function syslogMessage(
  message: AlertMessage,
  options: { readonly facility: number; readonly hostname: string; readonly processId: number; readonly at: string },
): Uint8Array {
  const { id, site, device, kind, phase } = message;
  const syslog = {
    ...{ facility: options.facility, at: options.at, hostname: options.hostname, appName: 'fleet-hub' },
    severity: severities[phase === 'raised' ? message.severity : phase],
    processId: String(options.processId),
    messageId: phase.toUpperCase(),
    element: { name: 'alert', params: { id: String(id), site, device, kind, phase, severity: message.severity } },
    text: `${subjectOf(message)}: ${message.text}`,
  };
  return formatSyslog(syslog, maxBytes);
}
