import { randomBytes } from 'node:crypto';
import { ConfigError } from '@edge-blueprints/contracts';
import { hashPassword } from '@edge-blueprints/dashboard';
import type { HubUsers } from './hub-users.js';
import type { SetUpAdmin } from './user-access.js';

export const firstAdminName = 'admin';

export interface FirstAdmin {
  /** True when an admin with a password of its own exists. */
  readonly configured: boolean;
  readonly setUp: SetUpAdmin | null;
  /** Of the set-up admin, printed once at the start; null when there is none. */
  readonly setUpPassword: string | null;
}

/**
 * Who can sign in at all. With `adminPassword` (of EDGE_HUB_ADMIN_PASSWORD or its file) and no admin yet, user `admin` is made.
 * Without both, a random password is drawn for this run, which the dashboard lets in on loopback only.
 * @throws ConfigError `users.first-admin` when the configured password breaks the rules
 */
export async function prepareFirstAdmin(users: HubUsers, adminPassword: string | undefined): Promise<FirstAdmin> {
  if (await users.hasAdmin()) return { configured: true, setUp: null, setUpPassword: null };
  if (adminPassword !== undefined) {
    const made = await users.add('hub start', firstAdminName, 'admin', adminPassword);
    if (!made.ok)
      throw new ConfigError('users.first-admin', `EDGE_HUB_ADMIN_PASSWORD cannot make user admin: ${made.message}`);
    return { configured: true, setUp: null, setUpPassword: null };
  }
  const setUpPassword = randomBytes(9).toString('base64url');
  const passwordHash = await hashPassword(setUpPassword, randomBytes(16));
  return { configured: false, setUp: { name: firstAdminName, passwordHash }, setUpPassword };
}
