// What the records of a station say of who judged its parts.
import type { PartRecord } from '@edge-blueprints/contracts';
import type { RunningLine } from '../running-line.js';

export interface WhoJudged {
  /** Judged by the inference node: `provider` names its address. */
  readonly node: number;
  /** Judged by the station itself, because the node was lost. */
  readonly own: number;
  /** Judged by nothing: the record gives the code of the fault. */
  readonly nobody: number;
  readonly variants: string;
}

/** Codes have one dot and no space; sentences about defects and `pass` do not look like that. */
export const judgedByNobody = ({ reason }: PartRecord): boolean => /^[a-z-]+(\.[a-z-]+)+$/.test(reason);
const byNode = ({ model }: PartRecord): boolean => model.provider.includes('@127.0.0.1:');

export function whoJudged(records: readonly PartRecord[]): WhoJudged {
  const judged = records.filter((record) => !judgedByNobody(record));
  const node = judged.filter(byNode).length;
  const variants = judged.map(({ model }) => `${model.variant} level ${model.degradationLevel}`);
  return {
    node,
    own: judged.length - node,
    nobody: records.length - judged.length,
    variants: [...new Set(variants)].join(', '),
  };
}

/** The records of the parts of which the station has told since its event number `from`. */
export async function recordsFrom(run: RunningLine, from: number): Promise<readonly PartRecord[]> {
  const told = new Set(run.stationEvents.slice(from).map(({ resultId }) => String(resultId)));
  const records = await run.api.allParts();
  return records.filter(({ resultId }) => told.has(resultId));
}

/** Reads the last part only. */
export async function lastJudgedByNode(run: RunningLine): Promise<boolean> {
  const [last] = await recordsFrom(run, Math.max(0, run.stationEvents.length - 1));
  return last !== undefined && !judgedByNobody(last) && byNode(last);
}

export const words = ({ node, own, nobody, variants }: WhoJudged): string =>
  `${node} by the node, ${own} by the station, ${nobody} by nothing; ${variants}`;

/**
 * Every board that left the belt against PLC and records. An accepted one without a record that says pass would be a board that
 * nothing has judged.
 */
export async function accountFor(run: Pick<RunningLine, 'api' | 'fallen' | 'ledger'>) {
  const records = new Map((await run.api.allParts()).map((record) => [record.partId, record]));
  const production = run.fallen.filter(({ partId }) => !partId.startsWith('G-'));
  const accepted = production.filter(({ bin }) => bin === 'accept');
  const unjudged = accepted.filter(({ partId }) => {
    const record = records.get(partId);
    return record === undefined || record.verdict !== 'pass' || judgedByNobody(record);
  });
  const judged = run.ledger.judge(records);
  return {
    boards: production.length,
    accepted: accepted.length,
    rejected: production.length - accepted.length,
    unjudged: unjudged.length,
    withRecord: production.filter(({ partId }) => records.has(partId)).length,
    escapesOfTheSystem: judged.escapesOfTheSystem,
    noVerdict: judged.noVerdict,
  };
}
