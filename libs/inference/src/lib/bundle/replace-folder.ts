import { access, rename, rm } from 'node:fs/promises';

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Puts back what a packing that was killed between its two renames left behind. */
export async function recoverFolder(target: string): Promise<void> {
  const previous = `${target}.previous`;
  if (!(await exists(previous))) return;
  if (await exists(target)) await rm(previous, { recursive: true });
  else await rename(previous, target);
}

/** Moves a finished folder to its place; readers see the old one or the new one, for an instant none, never a mixture. */
export async function replaceFolder(finished: string, target: string): Promise<void> {
  const previous = `${target}.previous`;
  await recoverFolder(target);
  const replaces = await exists(target);
  if (replaces) await rename(target, previous);
  try {
    await rename(finished, target);
  } catch (error) {
    if (replaces) await rename(previous, target);
    throw error;
  }
  if (replaces) await rm(previous, { recursive: true });
}
