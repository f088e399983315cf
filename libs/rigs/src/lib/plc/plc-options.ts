import { parseArgs } from 'node:util';
import { ConfigError } from '@edge-blueprints/contracts';
import type { Address, PlcProcessOptions } from './plc-process.js';

export const plcUsage = `The PLC of the simulated line: polls the station, or is written by it, and drives gate and belt.

  --role server|client   role of the STATION (default server)
  --station HOST:PORT    Modbus address of the station, role server (default 127.0.0.1:1502)
  --listen HOST:PORT     where the station writes, role client (default 127.0.0.1:1502; port 0 takes a free one)
  --wiring HOST:PORT     field wiring of the line (default 127.0.0.1:5610)
  --scan-ms N            scan while a part waits for its verdict (default 1)
  --auto-reset-ms N      start a line that stopped (for any reason but a full bin) again once the station was ready
                         for so long (default 2000; 0 waits for the command)
  --supervised           stop when standard input ends
  --help

Commands on standard input, one JSON object a line:
  {"command":"fault","name":"gone|slow|frozen-heartbeat|torn-registers|wrong-map|swap-words","on":true,"ms":500}
  {"command":"reset"}  {"command":"empty-bin"}  {"command":"power-cycle"}  {"command":"stop"}
`;

export interface PlcCommandLine {
  readonly help: boolean;
  readonly supervised: boolean;
  readonly process: PlcProcessOptions;
}

/** @throws ConfigError `plc.arguments` that names every wrong argument */
export function parsePlcArguments(args: readonly string[]): PlcCommandLine {
  const { values } = readArguments(args);
  const problems: string[] = [];
  const address = (name: 'station' | 'listen' | 'wiring', fallback: string): Address => {
    const text = values[name] ?? fallback;
    const match = /^(.+):(\d{1,5})$/.exec(text);
    const port = Number(match?.[2] ?? Number.NaN);
    if (match === null || port > 65_535) problems.push(`--${name} ${text}: expected HOST:PORT`);
    return { host: match?.[1] ?? '', port };
  };
  const whole = (name: 'scan-ms' | 'auto-reset-ms', fallback: number, low: number): number => {
    const number = values[name] === undefined ? fallback : Number(values[name]);
    if (!Number.isInteger(number) || number < low)
      problems.push(`--${name} ${values[name]}: expected a whole number from ${low}`);
    return number;
  };
  const role = values.role ?? 'server';
  if (role !== 'server' && role !== 'client') problems.push(`--role ${role}: expected server or client`);
  const autoResetMs = whole('auto-reset-ms', 2000, 0);
  const process: PlcProcessOptions = {
    modbus:
      role === 'client'
        ? { role, listen: address('listen', '127.0.0.1:1502') }
        : { role: 'server', station: address('station', '127.0.0.1:1502') },
    wiring: address('wiring', '127.0.0.1:5610'),
    scanMs: whole('scan-ms', 1, 1),
    autoResetMs: autoResetMs === 0 ? null : autoResetMs,
  };
  if (problems.length > 0)
    throw new ConfigError('plc.arguments', `Wrong arguments; see --help\n${problems.join('\n')}`);
  return { help: values.help === true, supervised: values.supervised === true, process };
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        role: { type: 'string' },
        station: { type: 'string' },
        listen: { type: 'string' },
        wiring: { type: 'string' },
        'scan-ms': { type: 'string' },
        'auto-reset-ms': { type: 'string' },
        supervised: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new ConfigError('plc.arguments', `Wrong arguments; see --help\n${detail}`, { cause: error });
  }
}
