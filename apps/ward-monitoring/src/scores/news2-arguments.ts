import { parseArgs } from 'node:util';
import { acvpu, ConfigError, errorMessage, type News2Input, type News2Inputs } from '@edge-blueprints/contracts';
import { isDecimal } from './news2/decimal.js';
import { requireNews2Person } from './news2/eligibility.js';

export const news2Usage = `The NEWS2 interval of one set of observations. What is left out is not known, and is never taken for normal.

  --rr N            respiration rate, per minute
  --spo2 N          oxygen saturation, per cent
  --o2 air|oxygen   what the patient breathes
  --sbp N           systolic pressure, mmHg
  --pulse N         per minute
  --acvpu A|C|V|P|U alert, new confusion, voice, pain, unresponsive
  --temp N          degrees Celsius
  --scale 1|2       scale 2 only on a clinician's decision: hypercapnic failure with a target of 88 to 92 % (default 1)
  --age N           years; under 16 is refused (default: adult)
  --pregnant        is refused
  --json            the score as JSON
  --help

Exit code 0: a score; 1: refused; 2: wrong arguments.
`;

export interface News2CommandLine {
  readonly help: boolean;
  readonly json: boolean;
  readonly inputs: News2Inputs;
}

/** @throws ConfigError `news2.arguments` with every wrong one @throws News2Refusal for a person whom the chart does not fit */
export function parseNews2Arguments(args: readonly string[]): News2CommandLine {
  const values = readOptions(args);
  const problems: string[] = [];
  const choice = <T extends string>(name: string, text: string | undefined, allowed: readonly T[]): News2Input<T> => {
    const value = allowed.find((one) => one === text);
    if (text !== undefined && value === undefined) problems.push(`--${name} ${text}: expected ${allowed.join(', ')}`);
    return value === undefined ? { known: false, why: 'not-measured' } : given(name, value);
  };
  const decimal = (name: 'rr' | 'spo2' | 'sbp' | 'pulse' | 'temp'): News2Input<string> => {
    const text = values[name];
    if (text === undefined) return { known: false, why: 'not-measured' };
    if (!isDecimal(text)) problems.push(`--${name} ${text}: expected a decimal number such as 37.5`);
    return given(name, text);
  };
  const inputs: News2Inputs = {
    scale: choice('scale', values.scale ?? '1', ['1', '2']).known && values.scale === '2' ? 2 : 1,
    respiration: decimal('rr'),
    oxygenSaturation: decimal('spo2'),
    supplementalOxygen: choice('o2', values.o2, ['air', 'oxygen']),
    systolic: decimal('sbp'),
    pulse: decimal('pulse'),
    consciousness: choice('acvpu', values.acvpu, acvpu),
    temperature: decimal('temp'),
  };
  const ageYears = values.age === undefined ? 18 : Number(values.age);
  if (!Number.isFinite(ageYears) || ageYears < 0) problems.push(`--age ${values.age}: expected years`);
  if (problems.length > 0)
    throw new ConfigError('news2.arguments', `Wrong arguments; see --help\n${problems.join('\n')}`);
  if (values.help !== true) requireNews2Person({ ageYears, pregnant: values.pregnant === true });
  return { help: values.help === true, json: values.json === true, inputs };
}

function given<T>(name: string, value: T): News2Input<T> {
  return { known: true, value, observation: `argument/${name}`, ageMs: 0 };
}

function readOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        rr: { type: 'string' },
        spo2: { type: 'string' },
        o2: { type: 'string' },
        sbp: { type: 'string' },
        pulse: { type: 'string' },
        acvpu: { type: 'string' },
        temp: { type: 'string' },
        scale: { type: 'string' },
        age: { type: 'string' },
        pregnant: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new ConfigError('news2.arguments', `Wrong arguments; see --help\n${errorMessage(error)}`, { cause: error });
  }
}
