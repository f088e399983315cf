import { parseArgs } from 'node:util';
import { errorMessage, parseConfig, systemClock } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { addResults, isComplete, runVirtualFleet, type VirtualFleetResult } from './lib/fleet/virtual-fleet.js';

const help = `A fleet in virtual time: real uplinks and outbox rules, simulated network, broker and hub, seeded faults.

  virtual-fleet-main [--devices 10000] [--hours 24] [--report-minutes 240] [--seed 7]
                     [--group 10000]

Prints one JSON line with the counts. Exit code 1 unless every event was delivered once and nothing left an outbox before the
hub had it. Progress goes to standard error. More devices than --group are simulated one group after the other, each with a
broker and a hub of its own, to bound the memory; devices of one fleet share nothing but these. The virtual broker has no limit
of capacity: this proves the protocol, not a machine.
`;

const optionsSchema = z.strictObject({
  devices: z.coerce.number().int().min(1).max(1_000_000).default(10_000),
  hours: z.coerce.number().int().min(1).max(10_000).default(24),
  'heal-hours': z.coerce.number().int().min(1).max(1_000).default(2),
  'report-minutes': z.coerce.number().min(1).max(1_440).default(240),
  group: z.coerce.number().int().min(1).max(100_000).default(10_000),
  seed: z.coerce.number().int().default(7),
});

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { help: wantsHelp, ...given } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      devices: text,
      hours: text,
      'heal-hours': text,
      'report-minutes': text,
      group: text,
      seed: text,
    },
  }).values;
  if (wantsHelp) {
    process.stdout.write(help);
    return;
  }
  const options = parseConfig(optionsSchema, given, 'the command line of virtual-fleet-main (see --help)');
  const { devices, hours, seed, group } = options;
  const startedMs = systemClock.monotonicMs();
  const elapsedSeconds = (): number => Number(((systemClock.monotonicMs() - startedMs) / 1_000).toFixed(1));
  const parts: VirtualFleetResult[] = [];
  for (let from = 0; from < devices; from += group) {
    const result = await runVirtualFleet({
      devices: Math.min(group, devices - from),
      from,
      hours,
      seed,
      healHours: options['heal-hours'],
      reportMinutes: options['report-minutes'],
    });
    parts.push(result);
    process.stderr.write(`${from + result.devices} devices: ${isComplete(result)} after ${elapsedSeconds()} s\n`);
  }
  const { ackLatency, ...result } = parts.reduce(addResults);
  const { user, system } = process.cpuUsage();
  const cost = {
    elapsedSeconds: elapsedSeconds(),
    cpuSeconds: Number(((user + system) / 1e6).toFixed(1)),
    rssBytes: process.memoryUsage.rss(),
  };
  const complete = parts.every(isComplete);
  const latency = ackLatency.snapshot();
  process.stdout.write(`${JSON.stringify({ complete, ...result, ackLatency: latency, ...cost })}\n`);
  process.exitCode = complete ? 0 : 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
});
