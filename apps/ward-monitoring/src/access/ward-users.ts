import { randomBytes } from 'node:crypto';
import { ConfigError, errorMessage, wardRoles } from '@edge-blueprints/contracts';
import type { WardRole } from '@edge-blueprints/contracts';
import { hashPassword } from '@edge-blueprints/dashboard';
import { z } from 'zod';
import { fileChange } from '../ward/file-change.js';
import { readStateFile, writeStateFile } from '../ward/state-files.js';

const userSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9._-]{1,31}$/, 'use a-z, 0-9, dot and dash, a letter first'),
  role: z.enum(wardRoles).exclude(['wall']),
  pinHash: z.string().min(1).max(300),
});
const fileSchema = z.strictObject({ users: z.array(userSchema).max(1_000) });
export type WardUser = Readonly<z.infer<typeof userSchema>>;

export interface WardUsers {
  find(name: string): WardUser | undefined;
  readonly count: number;
}

export interface OpenWardUsers extends WardUsers {
  /** Reads the file again where it is another one. A file that cannot be used changes nobody's rights. @returns what happened */
  refresh(): { readonly changed: boolean; readonly problem: string | undefined };
}

/** @throws ConfigError `ward.state-invalid` */
export function openWardUsers(file: string): OpenWardUsers {
  const read = () => new Map((readStateFile(file, fileSchema)?.users ?? []).map((user) => [user.name, user]));
  const isOther = fileChange(file);
  let byName = read();
  return {
    find: (name) => byName.get(name),
    get count() {
      return byName.size;
    },
    refresh() {
      try {
        if (!isOther()) return { changed: false, problem: undefined };
        byName = read();
        return { changed: true, problem: undefined };
      } catch (error) {
        return { changed: false, problem: errorMessage(error) };
      }
    },
  };
}

/** Adds somebody or changes role and PIN. @throws ConfigError `ward.user-invalid` */
export async function putWardUser(file: string, name: string, role: WardRole, pin: string): Promise<void> {
  if (!/^\d{6,12}$/.test(pin) || new Set(pin).size < 3)
    throw new ConfigError('ward.user-invalid', 'A PIN has 6 to 12 digits, three of them different');
  const pinHash = await hashPassword(pin, randomBytes(16));
  const parsed = userSchema.safeParse({ name, role, pinHash });
  if (!parsed.success) throw new ConfigError('ward.user-invalid', z.prettifyError(parsed.error));
  const others = (readStateFile(file, fileSchema)?.users ?? []).filter((user) => user.name !== name);
  writeStateFile(file, { users: [...others, parsed.data] });
}

/** @throws ConfigError `ward.user-invalid` where there is no such user */
export function removeWardUser(file: string, name: string): void {
  const users = readStateFile(file, fileSchema)?.users ?? [];
  if (users.every((user) => user.name !== name))
    throw new ConfigError('ward.user-invalid', `There is no user ${name} in ${file}`);
  writeStateFile(file, { users: users.filter((user) => user.name !== name) });
}

export function listWardUsers(file: string): readonly WardUser[] {
  return readStateFile(file, fileSchema)?.users ?? [];
}
