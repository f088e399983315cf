import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDeviceHealth } from '../../index.js';

describe('device health', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'health-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));
  const put = async (file: string, content: string): Promise<void> => {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), content);
  };
  const read = async () => {
    let nowMs = 0;
    const health = createDeviceHealth({ dataFolder: root, monotonicMs: () => (nowMs += 1_000), root });
    const readings = await health.read();
    health.close();
    return readings;
  };
  const named = (readings: Awaited<ReturnType<typeof read>>, name: string) =>
    readings.filter((reading) => reading.name === name);

  it('reads temperatures, throttling and accelerators where the kernel shows them', async () => {
    await put('sys/class/thermal/thermal_zone0/type', 'x86_pkg_temp\n');
    await put('sys/class/thermal/thermal_zone0/temp', '54000\n');
    await put('sys/class/thermal/thermal_zone1/type', 'broken\n');
    await put('sys/class/thermal/thermal_zone1/temp', '-273000\n');
    await put('sys/class/hwmon/hwmon0/name', 'nvme\n');
    await put('sys/class/hwmon/hwmon0/temp1_input', '41850\n');
    await put('sys/class/hwmon/hwmon0/temp1_label', 'Composite\n');
    await put('sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count', '3\n');
    await put('sys/devices/system/cpu/cpu1/thermal_throttle/core_throttle_count', '4\n');
    await put('sys/class/drm/card0/device/gpu_busy_percent', '25\n');
    await put('sys/devices/gpu.0/load', '512\n');
    await put('proc/meminfo', 'MemTotal:       1 kB\nMemAvailable:   0 kB\n');
    const readings = await read();
    expect(named(readings, 'hw.temperature')).toEqual([
      { name: 'hw.temperature', value: 54, attributes: { sensor: 'x86_pkg_temp' } },
      { name: 'hw.temperature', value: 41.85, attributes: { sensor: 'nvme Composite' } },
    ]);
    expect(named(readings, 'hw.cpu.throttles')).toEqual([{ name: 'hw.cpu.throttles', value: 7 }]);
    expect(named(readings, 'hw.accelerator.utilization').map(({ value }) => value)).toEqual([0.25, 0.512]);
    expect(named(readings, 'system.memory.utilization')[0]?.value).toBe(1);
  });

  it('leaves out what the machine does not show, and never says zero for it', async () => {
    const readings = await read();
    expect(new Set(readings.map(({ name }) => name))).not.toContain('hw.temperature');
    expect(named(readings, 'hw.cpu.throttles')).toEqual([]);
    for (const name of ['system.memory.utilization', 'system.filesystem.utilization']) {
      const [reading] = named(readings, name);
      expect(reading?.value, name).toBeGreaterThan(0);
      expect(reading?.value, name).toBeLessThan(1);
    }
    expect(named(readings, 'process.memory.usage')[0]?.value).toBeGreaterThan(1e7);
  });
});
