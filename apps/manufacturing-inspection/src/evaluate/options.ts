import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, errorMessage } from '@edge-blueprints/contracts';

export const evaluateHelp = `Scores a model bundle on labelled pairs through the station's own preprocess, infer, postprocess and decide.

  npm run evaluate -- --data DIR [options]

  --data DIR          pairs <id>_test.png, <id>_temp.png and labels <id>.txt (x1 y1 x2 y2 type, type 1 to 6):
                      DIR/images and DIR/labels, or the DeepPCB layout DIR/test.txt with DIR/test/images, DIR/test/labels
  --bundle DIR        model bundle (default: models/bundles/pcb-defects, the one for real pictures)
  --trusted-keys FILE keys whose bundles are accepted (default: models/bundles/trusted-keys.json)
  --allow-unsigned    accept a bundle without a signature (work on a model)
  --variant ID        variant of the bundle (default: int8-640)
  --threads N|auto    threads of one run (default: 1)
  --compare ID        also judge the same frames with another variant (fp32-640): average precision of both class by
                      class, and the verdicts that flip between them
  --baseline          also judge the same pairs without a model, by template difference
  --template-pairs    also judge each golden template against itself: every reject is a false one
  --rendered N        also judge N freshly rendered good boards
  --good DIR          also judge a folder of good boards (same layout, labels not read)
  --limit N           only the first N pairs of each set
  --json FILE         write all figures as JSON
  --help

Metric (DeepPCB): a detection hits when its IoU with a box of its class is above 0.33; average precision by all-point
interpolation over all scores. Intervals are 95 % Wilson. A percentile that the count cannot support is printed as "n < 662".`;

export interface EvaluateOptions {
  readonly data: string;
  readonly bundle: string;
  readonly trustedKeys: string;
  readonly allowUnsigned: boolean;
  readonly variant: string;
  readonly threads: number | 'auto';
  /** The variant that `variant` is held against. */
  readonly compare: string | undefined;
  readonly baseline: boolean;
  readonly templatePairs: boolean;
  readonly rendered: number;
  readonly good: string | undefined;
  readonly limit: number;
  readonly json: string | undefined;
}

/**
 * @param models folder of the repository's bundles
 * @throws ConfigError `evaluate.arguments` with every problem
 */
export function parseEvaluateOptions(args: readonly string[], models: string): EvaluateOptions | 'help' {
  const values = readArgs(args);
  if (values.help === true) return 'help';
  const problems: string[] = [];
  const whole = (name: string, text: string | undefined, fallback: number): number => {
    if (text === undefined) return fallback;
    if (!/^[1-9]\d{0,6}$/.test(text)) problems.push(`--${name} must be a whole number from 1, got "${text}"`);
    return Number(text);
  };
  if (values.data === undefined) problems.push('--data DIR is needed');
  const options: EvaluateOptions = {
    data: resolve(values.data ?? '.'),
    bundle: resolve(values.bundle ?? `${models}/pcb-defects`),
    trustedKeys: resolve(values['trusted-keys'] ?? `${models}/trusted-keys.json`),
    allowUnsigned: values['allow-unsigned'] ?? false,
    variant: values.variant ?? 'int8-640',
    threads: values.threads === 'auto' ? 'auto' : whole('threads', values.threads, 1),
    compare: values.compare,
    baseline: values.baseline ?? false,
    templatePairs: values['template-pairs'] ?? false,
    rendered: whole('rendered', values.rendered, 0),
    good: values.good === undefined ? undefined : resolve(values.good),
    limit: whole('limit', values.limit, Number.MAX_SAFE_INTEGER),
    json: values.json === undefined ? undefined : resolve(values.json),
  };
  if (problems.length > 0) throw new ConfigError('evaluate.arguments', `${problems.join('\n')}\n\n${evaluateHelp}`);
  return options;
}

function readArgs(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        data: text,
        bundle: text,
        'trusted-keys': text,
        'allow-unsigned': flag,
        variant: text,
        threads: text,
        compare: text,
        baseline: flag,
        'template-pairs': flag,
        rendered: text,
        good: text,
        limit: text,
        json: text,
        help: flag,
      },
    }).values;
  } catch (error) {
    throw new ConfigError('evaluate.arguments', `${errorMessage(error)}\n\n${evaluateHelp}`, { cause: error });
  }
}
