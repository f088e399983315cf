const ticksPerSecond = 100;

/**
 * Seconds of one core that a process has used, from Linux' /proc (USER_HZ is 100 on every platform that Node runs on).
 * @returns null where there is none
 */
export async function cpuSeconds(
  pid: number | undefined,
  read: (file: string, encoding: 'utf8') => Promise<string>,
): Promise<number | null> {
  const stat = pid === undefined ? '' : await read(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name, in brackets, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  return Number.isFinite(user) && Number.isFinite(system) && fields.length > 12
    ? (user + system) / ticksPerSecond
    : null;
}
