import type { AuditTrail } from '@edge-blueprints/contracts';
import type { WardConfig } from './config.js';
import type { ClockWatch } from './self/clock-watch.js';
import { createDiskRoom } from './self/disk-room.js';
import { createOutboxWatch } from './self/outbox-watch.js';
import type { WardSelf } from './ward/ward-conditions.js';
import type { WardSurroundings } from './ward-surroundings.js';

export interface SelfParts {
  readonly trail: AuditTrail;
  readonly clockWatch: ClockWatch;
  readonly freeRoom: WardSurroundings['freeRoom'];
  /** Journal clock. */
  readonly now: () => number;
  /** What waits elsewhere, by the name of who does not take it. */
  readonly waiting: () => Readonly<Record<string, number>>;
}

const clockActor = { id: 'gateway', role: 'system' } as const;

/** What the gateway watches of itself beside its links. @returns looks, about once a second */
export function openSelf(config: WardConfig, parts: SelfParts): () => Pick<WardSelf, 'clock' | 'disk' | 'outbox'> {
  const { trail, clockWatch, now } = parts;
  const { leastFreeMiB, outboxStuckMs, outboxMostWaiting } = config.self;
  const disk = createDiskRoom({
    ...{ folders: [config.stateFolder, config.audit.folder], free: parts.freeRoom, now },
    leastFreeBytes: leastFreeMiB * 2 ** 20,
  });
  const outbox = createOutboxWatch({ stuckMs: outboxStuckMs, mostWaiting: outboxMostWaiting });
  return () => {
    disk.look();
    for (const [name, count] of Object.entries(parts.waiting())) outbox.take(name, count, now());
    const news = clockWatch.look();
    if (news !== undefined) {
      const { source, offsetMs, synced } = news.state;
      const links = { source, offsetMs, synced, movedMs: news.movedMs };
      // The log itself puts its `clock.step` before the first entry after a step: this one makes sure that there is one.
      trail
        .record([
          {
            ...{ type: 'clock.state', actor: clockActor, action: 'measure', outcome: synced ? 'success' : 'failure' },
            links: Object.fromEntries(Object.entries(links).map(([name, value]) => [name, String(value)])),
          },
        ])
        // A trail that cannot be written is its own alarm.
        .catch(() => undefined);
    }
    return { clock: clockWatch.problem(), disk: disk.problem(), outbox: outbox.problem() };
  };
}
