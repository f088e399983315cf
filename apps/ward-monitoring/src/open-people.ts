import type { AuditTrail } from '@edge-blueprints/contracts';
import type { Access } from '@edge-blueprints/dashboard';
import { type BreakGlass, openBreakGlass } from './access/break-glass.js';
import { createSecondPerson, type SecondPerson } from './access/second-person.js';
import { createWardAccess } from './access/ward-access.js';
import { openWardUsers, type WardUsers } from './access/ward-users.js';
import type { WardConfig } from './config.js';
import { noStationNames, openStationNames, type StationNames } from './station/station-names.js';
import type { WardSurroundings } from './ward-surroundings.js';

export interface People {
  readonly users: WardUsers;
  readonly access: Access;
  readonly breakGlass: BreakGlass;
  readonly secondPerson: SecondPerson;
  readonly stationNames: StationNames;
  /** About once a second: files that changed, emergencies that are over. */
  tick(): void;
}

/** Who may come in, and what of it changes while the gateway runs. @throws ConfigError `ward.state-invalid` */
export function openPeople(
  config: WardConfig,
  trail: AuditTrail,
  now: () => number,
  { clock, newId, newToken, log }: WardSurroundings,
): People {
  const users = openWardUsers(config.usersFile);
  const { file } = config.stations;
  const stationNames = file === undefined ? noStationNames : openStationNames(file);
  const breakGlass = openBreakGlass({ folder: config.stateFolder, trail, now, epochMs: clock.epochMs, newId });
  const secondPerson = createSecondPerson({
    ...{ trail, now, newId },
    validMs: config.secondPerson.validMinutes * 60_000,
  });
  const { standing } = breakGlass;
  const access = createWardAccess({ users, trail, nowMs: clock.monotonicMs, newToken, standing });
  const told = new Map<string, string>();
  const tell = (what: string, problem: string | undefined): void => {
    if (problem !== undefined && told.get(what) !== problem) log.error('ward.people-unreadable', { what, problem });
    if (problem === undefined) told.delete(what);
    else told.set(what, problem);
  };
  return {
    ...{ users, access, breakGlass, secondPerson, stationNames },
    tick() {
      const { changed, problem } = users.refresh();
      tell('users', problem);
      if (changed)
        trail
          .record([
            {
              ...{ type: 'config.users', actor: { id: 'gateway', role: 'system' }, action: 'read the users again' },
              ...{ outcome: 'success' as const, links: { users: String(users.count) } },
            },
          ])
          .catch(() => undefined);
      tell('stations', stationNames.refresh());
      breakGlass.tick();
    },
  };
}
