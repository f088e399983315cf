import { join } from 'node:path';
import { openAuditLog, openSigner } from '@edge-blueprints/audit';
import type { AuditLog } from '@edge-blueprints/audit';
import { openAlarmJournal, type AlarmJournal } from './alarms/alarm-journal.js';
import { readJournal } from './alarms/explain-journal.js';
import { continueJournalClock } from './alarms/journal-clock.js';
import type { WardConfig } from './config.js';
import { type ClockWatch, createClockWatch } from './self/clock-watch.js';
import { type AlarmBook, createAlarmBook } from './ward/alarm-book.js';
import type { WardSurroundings } from './ward-surroundings.js';

export interface WardRecord {
  readonly log: AuditLog;
  readonly vkey: string;
  readonly journal: AlarmJournal;
  /** Journal clock. */
  readonly now: () => number;
  readonly wallOf: (journalMs: number) => number;
  readonly alarmBook: AlarmBook;
  readonly clockWatch: ClockWatch;
  /** How long the gateway was away; undefined at its first start. */
  readonly awayMs: number | undefined;
}

/**
 * Trail, alarm journal and the clock that both lives share.
 * @throws ConfigError `audit.in-use`, `alarms.journal-in-use`; whatever was opened is closed through `closers`
 */
export async function openRecord(
  config: WardConfig,
  boot: string,
  surroundings: WardSurroundings,
  closers: (() => void | Promise<void>)[],
): Promise<WardRecord> {
  const { clock, log: logger, machineBoot, readClock, newId, openTrailFile } = surroundings;
  const origin = `edge-blueprints.example/ward/${config.site}/${config.ward}`;
  const signer = await openSigner({ folder: config.audit.keyFolder, file: 'log.key', name: origin });
  const clockWatch = createClockWatch({ clock, read: readClock });
  await clockWatch.settled();
  const log = await openAuditLog({
    ...{ folder: config.audit.folder, origin, signers: [signer], boot, clock, logger },
    clockState: clockWatch.state,
    ...(openTrailFile === undefined ? {} : { openFile: openTrailFile }),
  });
  closers.push(() => log.close());
  const folder = join(config.stateFolder, 'alarms');
  const journal = await openAlarmJournal({ folder, newJournal: newId() });
  closers.push(() => journal.close());
  const { lastStart, state } = journal.recovered;
  const now = continueJournalClock({ clock, machineBoot, lastStart, lastMs: state.atMs });
  const alarmBook = createAlarmBook();
  alarmBook.takeJournal(readJournal(folder).entries);
  return {
    ...{ log, vkey: signer.vkey, journal, now, alarmBook, clockWatch },
    awayMs: lastStart === undefined ? undefined : Math.max(0, now() - state.atMs),
    wallOf: (journalMs) => clock.epochMs() - (now() - journalMs),
  };
}
