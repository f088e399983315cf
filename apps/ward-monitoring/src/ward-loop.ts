import { errorCode, errorMessage } from '@edge-blueprints/contracts';
import type { Logger } from '@edge-blueprints/contracts';
import type { AlarmDesk } from './alarms/alarm-desk-port.js';

export interface WardLoopParts {
  readonly logger: Logger;
  /** Journal clock. */
  readonly now: () => number;
  readonly alarms: Pick<AlarmDesk, 'tick' | 'view'>;
  readonly everySecond: () => void;
  readonly everyView: () => void;
  readonly everyTrend: () => void;
  readonly heartbeat: () => void;
  readonly save: () => void;
}

const stepMs = 100;

/**
 * The clockwork of a gateway: seconds, views twice a second, heartbeats, deadlines of alarms to a tenth of a second, and what must
 * be on the disk every five seconds, trends every five minutes. A part that fails is logged and tried again at its next turn. @returns stops it
 */
export function startWardLoop({ logger, now, alarms, ...parts }: WardLoopParts): () => void {
  const turns = [
    { name: 'second', everyMs: 1_000, run: parts.everySecond },
    { name: 'view', everyMs: 500, run: parts.everyView },
    { name: 'heartbeat', everyMs: 2_000, run: parts.heartbeat },
    { name: 'save', everyMs: 5_000, run: parts.save },
    { name: 'trends', everyMs: 300_000, run: parts.everyTrend },
  ].map((turn) => ({ ...turn, dueMs: now() + (turn.everyMs > 10_000 ? turn.everyMs : 0) }));
  const guarded = (name: string, run: () => void): void => {
    try {
      run();
    } catch (error) {
      logger.error('ward.turn-failed', { turn: name, code: errorCode(error), message: errorMessage(error) });
    }
  };
  const timer = setInterval(() => {
    const nowMs = now();
    for (const turn of turns) {
      if (nowMs < turn.dueMs) continue;
      turn.dueMs = Math.max(turn.dueMs + turn.everyMs, nowMs - turn.everyMs);
      guarded(turn.name, turn.run);
    }
    const { nextDueMs } = alarms.view();
    if (nextDueMs !== undefined && nextDueMs <= nowMs) guarded('deadline', alarms.tick);
  }, stepMs);
  return () => clearInterval(timer);
}
