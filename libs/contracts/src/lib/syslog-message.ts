/** Private enterprise number of documentation examples: our parameters belong to no registered vendor. */
const enterpriseNumber = 32_473;

export interface SyslogMessage {
  readonly facility: number;
  readonly severity: number;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly hostname: string;
  readonly appName: string;
  readonly processId: string;
  readonly messageId: string;
  /** One structured element: its name without the enterprise number, and its parameters. */
  readonly element: { readonly name: string; readonly params: Readonly<Record<string, string>> };
  readonly text: string;
}

/**
 * One line of UTF-8, whatever stands in the text.
 * @param maxBytes what the receiver takes; the end is cut at a whole character
 * @see RFC 5424 section 6
 */
export function formatSyslog(message: SyslogMessage, maxBytes = Number.POSITIVE_INFINITY): Uint8Array {
  const { element } = message;
  const params = Object.entries(element.params).map(([name, value]) => ` ${printable(name, 32)}="${escaped(value)}"`);
  const head = [
    `<${message.facility * 8 + message.severity}>1`,
    message.at,
    printable(message.hostname, 255),
    printable(message.appName, 48),
    printable(message.processId, 128),
    printable(message.messageId, 32),
    `[${printable(element.name, 26)}@${enterpriseNumber}${params.join('')}]`,
  ].join(' ');
  // The byte order mark says that the text is UTF-8; receivers rewrite raw control characters, and line ends split a message.
  const bytes = new TextEncoder().encode(`${head} \uFEFF${message.text.replace(/\p{Cc}+/gu, ' ')}`);
  return cut(bytes, maxBytes);
}

/** Length in front, so that the text may hold anything. @see RFC 5425 section 4.3.1, RFC 6587 section 3.4.1 */
export function octetCounted(message: Uint8Array): Uint8Array {
  const length = new TextEncoder().encode(`${message.byteLength} `);
  const counted = new Uint8Array(length.byteLength + message.byteLength);
  counted.set(length);
  counted.set(message, length.byteLength);
  return counted;
}

function escaped(value: string): string {
  return value.replace(/["\\\]]/g, '\\$&').replace(/\p{Cc}+/gu, ' ');
}

/** Names take no space, no quote, no bracket, no equals sign. */
function printable(text: string, length: number): string {
  return text.replace(/[^\x21-\x7e]|["=\]]/g, '').slice(0, length) || '-';
}

/** Ends before the first byte of a character that does not fit. */
function cut(bytes: Uint8Array, most: number): Uint8Array {
  if (bytes.length <= most) return bytes;
  let end = most;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}
