import type { Report } from './verify-log.js';
import { verdictNames } from './verdict.js';

const words = { pass: 'pass', fail: 'FAIL', 'not-checked': 'not checked' } as const;

/** The report for people. */
export function reportText(report: Report): string {
  const { size, anchored, unanchored } = report;
  const lines = [
    `log           ${report.origin ?? 'none'}`,
    `entries       ${size}${report.firstEntry > 0 ? `, from ${report.firstEntry} on still here` : ''}; starts ${report.boots}; declared gaps ${report.declaredGaps}`,
    `root          ${report.root ?? '-'}`,
    '',
  ];
  for (const name of verdictNames) {
    const { status, findings, more } = report.verdicts[name];
    lines.push(`${name.padEnd(13)} ${words[status]}`);
    for (const { level, code, text } of findings) lines.push(`  ${level === 'fail' ? '!' : '-'} ${code}: ${text}`);
    if (more > 0) lines.push(`  ... and ${more} more`);
  }
  lines.push('', `anchored      ${anchored === 0 ? 'nothing' : `entries 0 to ${anchored - 1}`}`);
  if (unanchored > 0)
    lines.push(
      `unanchored    entries ${anchored} to ${size - 1}: whoever holds the log's key could still rewrite these unseen`,
    );
  lines.push('', conclusion(report));
  return `${lines.join('\n')}\n`;
}

function conclusion({ exitCode, isAnchored }: Report): string {
  if (exitCode === 0) return 'The log is whole, and it is the one that was seen outside.';
  if (exitCode === 20 && !isAnchored)
    return 'The log agrees with itself, but nothing outside of the gateway speaks for all of it: that is not a pass.';
  return `The log is not as it was written (exit code ${exitCode}).`;
}
