import { monitorEventLoopDelay } from 'node:perf_hooks';
import { statfs } from 'node:fs/promises';
import { cpus, freemem, totalmem } from 'node:os';
import type { GaugeName } from '@edge-blueprints/contracts';
import type { MetricAttributes } from './metrics-port.js';
import { readAccelerators, readAvailableMemory, readTemperatures, readThrottles } from './kernel-sensors.js';

export interface HealthReading {
  readonly name: GaugeName;
  readonly value: number;
  readonly attributes?: MetricAttributes;
}

export interface DeviceHealth {
  /** Shares since the previous call; what the machine does not show is absent, never zero. */
  read(): Promise<readonly HealthReading[]>;
  close(): void;
}

/** CPU, memory, disk, temperatures, throttling, accelerator, this process and its event loop. */
export function createDeviceHealth(options: {
  /** Folder on the disk that is watched. */
  readonly dataFolder: string;
  readonly monotonicMs: () => number;
  /** Root of the kernel's files, `/` but in tests. */
  readonly root?: string;
}): DeviceHealth {
  const root = options.root ?? '/';
  const loop = monitorEventLoopDelay({ resolution: 10 });
  loop.enable();
  let cores = coreTimes();
  let own = process.cpuUsage();
  let readAtMs = options.monotonicMs();
  return {
    read: async () => {
      const [available, temperatures, throttles, accelerators, disk] = await Promise.all([
        readAvailableMemory(root),
        readTemperatures(root),
        readThrottles(root),
        readAccelerators(root),
        statfs(options.dataFolder).catch(() => undefined),
      ]);
      const coresNow = coreTimes();
      const ownNow = process.cpuUsage();
      const nowMs = options.monotonicMs();
      const busy = coresNow.busy - cores.busy;
      const all = coresNow.all - cores.all;
      const ownMs = (ownNow.user + ownNow.system - own.user - own.system) / 1_000;
      const sinceMs = nowMs - readAtMs;
      [cores, own, readAtMs] = [coresNow, ownNow, nowMs];
      const readings: HealthReading[] = [
        { name: 'system.memory.utilization', value: 1 - (available ?? freemem()) / totalmem() },
        { name: 'process.memory.usage', value: process.memoryUsage.rss() },
      ];
      if (all > 0) readings.push({ name: 'system.cpu.utilization', value: busy / all });
      if (sinceMs > 0) readings.push({ name: 'process.cpu.utilization', value: ownMs / sinceMs });
      if (loop.count > 0) readings.push({ name: 'nodejs.eventloop.delay.p99', value: loop.percentile(99) / 1e9 });
      loop.reset();
      if (disk && disk.blocks > 0)
        readings.push({ name: 'system.filesystem.utilization', value: 1 - disk.bavail / disk.blocks });
      for (const { sensor, celsius } of temperatures)
        readings.push({ name: 'hw.temperature', value: celsius, attributes: { sensor } });
      if (throttles !== undefined) readings.push({ name: 'hw.cpu.throttles', value: throttles });
      for (const { device, share } of accelerators)
        readings.push({ name: 'hw.accelerator.utilization', value: share, attributes: { device } });
      return readings;
    },
    close: () => loop.disable(),
  };
}

function coreTimes(): { readonly busy: number; readonly all: number } {
  let busy = 0;
  let all = 0;
  for (const { times } of cpus()) {
    const sum = times.user + times.nice + times.sys + times.idle + times.irq;
    all += sum;
    busy += sum - times.idle;
  }
  return { busy, all };
}
