import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertMessage } from '../alert-message.js';
import { syslogMessage } from './syslog-format.js';

const alert: AlertMessage = {
  phase: 'raised',
  id: 7,
  site: 'hall',
  device: 'd1',
  kind: 'disk',
  severity: 'alarm',
  text: 'The data disk is 95 % full',
  raisedAt: '2026-05-01T08:00:00.000Z',
  clearedAt: null,
};
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const options = { facility: 16, hostname: 'hub-1', processId: 42, at: '2026-05-01T08:00:01.000Z' };

describe('syslog message', () => {
  it('has the form of RFC 5424', () => {
    expect(text(syslogMessage(alert, options))).toBe(
      '<130>1 2026-05-01T08:00:01.000Z hub-1 fleet-hub 42 RAISED ' +
        '[alert@32473 id="7" site="hall" device="d1" kind="disk" phase="raised" severity="alarm"] ' +
        '\uFEFFalarm: disk at hall/d1: The data disk is 95 % full',
    );
  });

  it.each([
    ['raised', 'warning', 132],
    ['cleared', 'alarm', 133],
    ['test', 'warning', 134],
  ] as const)('%s %s has priority %d', (phase, severity, priority) => {
    expect(text(syslogMessage({ ...alert, phase, severity }, options))).toMatch(new RegExp(`^<${priority}>1 `));
  });

  it('is one line of valid UTF-8 within 2,048 bytes, whatever the text', () => {
    const strict = new TextDecoder('utf-8', { fatal: true });
    // Any UTF-16, half surrogates and control characters among them.
    const anyText = (maxLength: number) =>
      fc.uint16Array({ maxLength, size: 'max' }).map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(anyText(1_500), anyText(64), (words, device) => {
        const bytes = syslogMessage({ ...alert, text: words, device }, options);
        expect(bytes.length).toBeLessThanOrEqual(2_048);
        const line = strict.decode(bytes);
        expect(line).not.toMatch(/[\r\n\0]/);
      }),
      { numRuns: 50, endOnFailure: true },
    );
  });

  it('escapes what would end a parameter', () => {
    expect(text(syslogMessage({ ...alert, site: 'a"] b\\' }, options))).toContain('site="a\\"\\] b\\\\"');
  });
});
