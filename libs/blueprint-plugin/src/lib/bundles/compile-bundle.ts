import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, type TargetRoute } from '@edge-blueprints/contracts';

/** A bundle for one target, by one of its routes. */
export interface Conversion {
  readonly bundle: string;
  readonly target: string;
  readonly route: TargetRoute;
  /** Folder of what is made; else models/BUNDLE/out/compiled/TARGET/ROUTE. */
  readonly out: string | undefined;
  /** Pictures for a compiler that quantises: a .npy file, made anew from the recipe's pictures, or what was made before. */
  readonly calibration: { readonly file: string } | 'make' | undefined;
  /** Whether the report of the target and docs/targets.md are written. */
  readonly report: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

const interpreter = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
const workshopPackages = 'numpy, onnx, onnxruntime';

/** What the conversions lack on this machine, all of it at once; each line says what to do. */
export function missingForConversion(
  root: string,
  conversions: readonly Conversion[],
  env: Environment,
): readonly string[] {
  const named = env['EDGE_PYTHON'];
  const python = named ?? join(root, 'models/.venv', ...interpreter);
  const runs = spawnSync(python, ['-c', `import ${workshopPackages}`], { stdio: 'ignore' }).status === 0;
  const of = named === undefined ? 'models/.venv' : `EDGE_PYTHON (${named})`;
  const compilers = env['EDGE_COMPILERS'] ?? join(root, 'models/compilers/.venv');
  const locks = conversions.flatMap(({ route }) => (route.runHere ? (route.compiler.lock ?? []) : []));
  return [
    ...(runs
      ? []
      : [
          `${of} is no Python with ${workshopPackages}: run npx nx run models:setup once, or name an interpreter in EDGE_PYTHON`,
        ]),
    ...[...new Set(locks)]
      .filter((lock) => !existsSync(join(compilers, lock, ...interpreter)))
      .map((lock) => `the compiler ${lock} is not there: run npx nx run models:setup --compiler ${lock} once`),
    ...conversions
      .filter(({ route, calibration, bundle }) => {
        const made = join(root, 'models', bundle, 'out/calibration.npy');
        return route.calibration.needed && calibration === undefined && !existsSync(made);
      })
      .map(
        ({ target, route }) =>
          `${target} ${route.id} needs ${route.calibration.minimumSamples} pictures or more (${route.calibration.reason}): give --calibration=FILE.npy, or --makeCalibration to take them from the recipe's training pictures`,
      ),
  ];
}

/** @throws ConfigError `model-bundle.cannot-convert` with everything that is missing */
export function requireForConversion(root: string, conversions: readonly Conversion[], env: Environment): void {
  const problems = missingForConversion(root, conversions, env);
  if (problems.length === 0) return;
  throw new ConfigError(
    'model-bundle.cannot-convert',
    `A conversion lacks ${problems.length} thing(s):\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
    { context: { problems } },
  );
}

/**
 * `models:compile`, one conversion after the other; its own output goes to the terminal.
 * @throws ConfigError `model-bundle.compile` naming every one that failed
 */
export function compileBundles(root: string, conversions: readonly Conversion[]): void {
  const failed = conversions.flatMap((conversion) => {
    const args = compileArguments(conversion);
    const { status, signal } = spawnSync(process.execPath, [join(root, 'models/run.mjs'), ...args], {
      cwd: root,
      stdio: 'inherit',
    });
    return status === 0 ? [] : [`models:${args.join(' ')} ended with ${status ?? signal ?? 'nothing'}`];
  });
  if (failed.length === 0) return;
  const why = 'What stands above says why: 1 is a failed parity gate, 2 a refusal.';
  throw new ConfigError('model-bundle.compile', [...failed, why].join('\n'));
}

function compileArguments({ bundle, target, route, out, calibration, report }: Conversion): readonly string[] {
  return [
    ...['compile', '--model', bundle, '--target', target, '--route', route.id],
    ...(out === undefined ? [] : ['--out', out]),
    ...(calibration === undefined || !route.calibration.needed
      ? []
      : calibration === 'make'
        ? ['--make-calibration']
        : ['--calibration', calibration.file]),
    ...(report ? [] : ['--no-report']),
  ];
}
