import { fleetTables } from './0001-fleet.js';
import { userTable } from './0002-users.js';
import { auditTables } from './0003-audit.js';
import { alertTables } from './0004-alerts.js';
import { releaseTable } from './0005-releases.js';
import { quarantineOnce } from './0006-quarantine-once.js';
import type { MigrationStep } from './migration-step.js';

/** In this order, for ever. A change of a table is a new step at the end. */
export const migrations: readonly MigrationStep[] = [
  fleetTables,
  userTable,
  auditTables,
  alertTables,
  releaseTable,
  quarantineOnce,
];
