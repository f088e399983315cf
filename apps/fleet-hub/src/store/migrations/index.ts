import { fleetTables } from './0001-fleet.js';
import type { MigrationStep } from './migration-step.js';

/** In this order, for ever. A change of a table is a new step at the end. */
export const migrations: readonly MigrationStep[] = [fleetTables];
