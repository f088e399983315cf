import type { AlertMessage } from '../alert-message.js';
import { subjectOf } from '../alert-message.js';

/** Private enterprise number of documentation examples: our parameters belong to no registered vendor. */
const structuredId = 'alert@32473';
/** What every receiver takes over UDP. @see RFC 5424 section 6.1, RFC 5426 section 3.2 */
const maxBytes = 2_048;
const severities = { alarm: 2, warning: 4, cleared: 5, test: 6 } as const;

/** One message in the form of RFC 5424, at most 2,048 bytes. */
export function syslogMessage(
  message: AlertMessage,
  options: { readonly facility: number; readonly hostname: string; readonly processId: number; readonly at: string },
): Buffer {
  const severity = severities[message.phase === 'raised' ? message.severity : message.phase];
  const { id, site, device, kind, phase } = message;
  const params = { id: String(id), site, device, kind, phase, severity: message.severity };
  const data = Object.entries(params).map(([name, value]) => ` ${name}="${escaped(value)}"`);
  const head = [
    `<${options.facility * 8 + severity}>1`,
    options.at,
    printable(options.hostname, 255),
    'fleet-hub',
    String(options.processId),
    phase.toUpperCase(),
    `[${structuredId}${data.join('')}]`,
  ].join(' ');
  // The byte order mark says that the text is UTF-8; line ends would split the message at plain receivers.
  const text = `${subjectOf(message)}: ${message.text}`.replace(/\p{Cc}+/gu, ' ');
  return cut(Buffer.from(`${head} \uFEFF${text}`, 'utf8'), maxBytes);
}

/** Length in front, so that the text may hold anything. @see RFC 6587 section 3.4.1, RFC 5425 */
export function octetCounted(message: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${message.byteLength} `, 'ascii'), message]);
}

function escaped(value: string): string {
  return value.replace(/["\\\]]/g, '\\$&').replace(/\p{Cc}+/gu, ' ');
}

function printable(value: string, length: number): string {
  return value.replace(/[^\x21-\x7e]/g, '').slice(0, length) || '-';
}

/** Ends before the first byte of a character that does not fit. */
function cut(bytes: Buffer, most: number): Buffer {
  if (bytes.length <= most) return bytes;
  let end = most;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}
