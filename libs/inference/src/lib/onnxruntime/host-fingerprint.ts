import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform } from 'node:os';

/** What an optimised model and a thread setting depend on. */
export interface Host {
  readonly cpuModel: string;
  /** Instruction set extensions, where the system tells them; empty otherwise. */
  readonly cpuFlags: string;
  readonly cores: number;
  readonly platform: string;
  readonly arch: string;
}

export function thisHost(): Host {
  return {
    cpuModel: cpus()[0]?.model ?? 'unknown',
    cpuFlags: linuxCpuFlags(),
    cores: availableParallelism(),
    platform: platform(),
    arch: arch(),
  };
}

/** More work is waiting than there are cores, so that timings say more about the others than about the model. */
export function machineIsBusy(): boolean {
  return (loadavg()[0] ?? 0) > availableParallelism();
}

/** 32 hex digits that change with the machine, the runtime and the model. */
export function hostFingerprint(host: Host, runtime: string, modelDigest: string): string {
  const { cpuModel, cpuFlags, cores } = host;
  const facts = [cpuModel, cpuFlags, cores, host.platform, host.arch, runtime, modelDigest];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
}

function linuxCpuFlags(): string {
  try {
    return /^(?:flags|Features)\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
  } catch {
    return ''; // only Linux has the file
  }
}
