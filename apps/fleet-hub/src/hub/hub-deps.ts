import type { Clock, Logger, Random } from '@edge-blueprints/contracts';

/** `all`: one process does everything. `ingest` and `web`: several processes share a PostgreSQL store and an MQTT broker. */
export const hubRoles = ['all', 'ingest', 'web'] as const;
export type HubProcessRole = (typeof hubRoles)[number];

/** Time, chance and secrets, handed to the hub from outside. */
export interface HubDeps {
  readonly role: HubProcessRole;
  /** Name of the ingest worker: its client is `hub.{name}`, and so is its certificate. */
  readonly worker: string;
  readonly version: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Unguessable. */
  readonly newToken: () => string;
  /** The value of an environment variable. */
  readonly variable: (name: string) => string | undefined;
}

export type Closers = (() => void | Promise<void>)[];
