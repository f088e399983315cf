import type { AuditTrail } from '@edge-blueprints/contracts';

export interface RejectionOptions {
  readonly trail: AuditTrail;
  /** One entry of each sender in so long; the rest are counted in the next. */
  readonly everyMs: number;
  readonly mostSenders: number;
}

/** Tells the trail what was refused, without letting a flood of bad messages flood it. */
export interface RejectionLog {
  note(sender: string, why: string, text: string, atMs: number): void;
  tick(nowMs: number): void;
  /** Entries that the trail did not take. */
  readonly unwritten: number;
}

const anyOther = 'device/other';

export function createRejectionLog({ trail, everyMs, mostSenders }: RejectionOptions): RejectionLog {
  const open = new Map<string, { readonly sinceMs: number; more: number; why: string }>();
  let unwritten = 0;
  const write = (sender: string, reason: string): void => {
    trail
      .record([
        {
          type: 'ingest.rejected',
          actor: { id: sender, role: 'device' },
          action: 'publish',
          outcome: 'refused',
          reason,
        },
      ])
      .catch(() => {
        unwritten += 1;
      });
  };
  return {
    note(given, why, text, atMs) {
      const sender = open.has(given) || open.size < mostSenders ? given : anyOther;
      const window = open.get(sender);
      if (window !== undefined) {
        window.more += 1;
        window.why = why;
        return;
      }
      open.set(sender, { sinceMs: atMs, more: 0, why });
      write(sender, `${why}: ${text}`);
    },
    tick(nowMs) {
      for (const [sender, { sinceMs, more, why }] of open) {
        if (nowMs - sinceMs < everyMs) continue;
        open.delete(sender);
        if (more > 0) write(sender, `${more} more messages refused, the last: ${why}`);
      }
    },
    get unwritten() {
      return unwritten;
    },
  };
}
