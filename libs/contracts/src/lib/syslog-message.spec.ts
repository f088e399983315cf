import { describe, expect, it } from 'vitest';
import { formatSyslog, octetCounted } from './syslog-message.js';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const message = {
  ...{ facility: 10, severity: 5, at: '2026-05-01T08:00:00.250Z', hostname: 'gw 1', appName: 'edge-ward' },
  ...{ processId: '7', messageId: 'alarm.ack', element: { name: 'audit', params: { 'a]b': 'q"\\]\n' } } },
  text: 'one\ntwo \u00e9',
};

describe('a syslog message', () => {
  it('is one line of RFC 5424 whatever stands in it', () => {
    expect(text(formatSyslog(message))).toBe(
      '<85>1 2026-05-01T08:00:00.250Z gw1 edge-ward 7 alarm.ack [audit@32473 ab="q\\"\\\\\\] "] \uFEFFone two \u00e9',
    );
  });

  it('is cut at a whole character', () => {
    const whole = formatSyslog(message);
    expect(text(formatSyslog(message, whole.length))).toMatch(/ \u00e9$/);
    expect(text(formatSyslog(message, whole.length - 1))).toMatch(/two $/);
  });

  it('is counted in octets, not characters', () => {
    expect(text(octetCounted(Buffer.from('grün', 'utf8')))).toBe('5 grün');
  });
});
