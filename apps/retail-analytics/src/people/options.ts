import { parseArgs } from 'node:util';
import { ConfigError, errorMessage } from '@edge-blueprints/contracts';

export const peopleHelp = `Finds people with a model bundle on the store's own path: average precision on labelled pictures, overlays to look at.

  npm run people -- --bundle DIR --data PATH [options]

  --bundle DIR         bundle that finds people (person-detection or person-pose); see docs/bring-your-own-model.md
  --pose DIR           bundle that looks at each person for body points (keypoints-top-down)
  --data PATH          a folder of MOT17-* sequences or a data set with labels.jsonl (scored), a film, or a folder of
                       pictures (overlays only); mot17 stands for that folder in EDGE_DATA or ../shared/data
  --out DIR            writes people.json and the overlay pictures there; without it nothing is written
  --trusted-keys FILE  keys whose bundles are accepted (default: models/bundles/trusted-keys.json)
  --variant ID         variant of --bundle (default: its first)
  --threshold X        people from this score on are drawn (default: the bundle's threshold of "person")
  --every N            every N-th picture of a film or folder (default: 1)
  --limit N            at most so many pictures of a film or folder, overlays of a data set (default: 8); of MOT17 the first
                       of each sequence is drawn
  --size WxH           size that a film is scaled into (default: 768x432)
  --help

Scoring: MOT17 boxes of class 1, flag 1 and visibility from 0.3 count, all others are ignored; overlap above 0.5; average
precision by all-point interpolation over all scores from the bundle's score floor on.`;

export interface PeopleOptions {
  readonly bundle: string;
  readonly pose: string | undefined;
  readonly data: string;
  readonly out: string | undefined;
  readonly trustedKeys: string;
  readonly variant: string | undefined;
  readonly threshold: number | undefined;
  readonly every: number;
  readonly limit: number;
  readonly width: number;
  readonly height: number;
}

const flags = {
  bundle: { type: 'string' },
  pose: { type: 'string' },
  data: { type: 'string' },
  out: { type: 'string' },
  'trusted-keys': { type: 'string' },
  variant: { type: 'string' },
  threshold: { type: 'string' },
  every: { type: 'string', default: '1' },
  limit: { type: 'string', default: '8' },
  size: { type: 'string', default: '768x432' },
  help: { type: 'boolean' },
} as const;

/**
 * @param ownKeys trusted keys of the repository
 * @throws ConfigError `people.arguments` with every problem
 */
export function parsePeopleOptions(args: readonly string[], ownKeys: string): PeopleOptions | 'help' {
  const values = read(args);
  if (values.help === true) return 'help';
  const problems: string[] = [];
  const whole = (name: 'every' | 'limit'): number => {
    if (!/^[1-9]\d{0,6}$/.test(values[name]))
      problems.push(`--${name} must be a whole number from 1, got "${values[name]}"`);
    return Number(values[name]);
  };
  const size = /^(\d{2,4})x(\d{2,4})$/.exec(values.size);
  if (size === null) problems.push(`--size must be WIDTHxHEIGHT, got "${values.size}"`);
  const threshold = values.threshold === undefined ? undefined : Number(values.threshold);
  if (threshold !== undefined && !(threshold > 0 && threshold < 1))
    problems.push(`--threshold must lie between 0 and 1, got "${values.threshold}"`);
  const { bundle = '', data = '' } = values;
  if (bundle === '') problems.push('--bundle DIR is needed');
  if (data === '') problems.push('--data PATH is needed');
  const options = {
    ...{ bundle, data, pose: values.pose, out: values.out, variant: values.variant, threshold },
    ...{ trustedKeys: values['trusted-keys'] ?? ownKeys, every: whole('every'), limit: whole('limit') },
    ...{ width: Number(size?.[1]), height: Number(size?.[2]) },
  };
  if (problems.length > 0) throw new ConfigError('people.arguments', `${problems.join('\n')}\nSee --help.`);
  return options;
}

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, strict: true }).values;
  } catch (error) {
    throw new ConfigError('people.arguments', `${errorMessage(error)}\nSee --help.`);
  }
}
