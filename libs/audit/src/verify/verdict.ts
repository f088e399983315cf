/** What the verifier looks at, each on its own. */
export const verdictNames = ['integrity', 'consistency', 'completeness', 'time', 'witness'] as const;
export type VerdictName = (typeof verdictNames)[number];

export interface Finding {
  /** `fail` breaks the verdict; `note` is declared by the log itself or cannot be judged. */
  readonly level: 'fail' | 'note';
  readonly code: string;
  readonly text: string;
}

export interface Verdict {
  readonly status: 'pass' | 'fail' | 'not-checked';
  readonly findings: readonly Finding[];
  /** Findings that are counted but not kept. */
  readonly more: number;
}

/** Findings kept of each verdict. */
const kept = 100;

export interface FindingList {
  fail(code: string, text: string): void;
  note(code: string, text: string): void;
  verdict(checked?: boolean): Verdict;
}

export function createFindings(): FindingList {
  const findings: Finding[] = [];
  let [more, failed] = [0, false];
  const add = (finding: Finding): void => {
    failed ||= finding.level === 'fail';
    if (findings.length < kept) findings.push(finding);
    else more += 1;
  };
  return {
    fail: (code, text) => add({ level: 'fail', code, text }),
    note: (code, text) => add({ level: 'note', code, text }),
    verdict: (checked = true) => ({ status: failed ? 'fail' : checked ? 'pass' : 'not-checked', findings, more }),
  };
}
