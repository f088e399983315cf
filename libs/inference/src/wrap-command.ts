import { readFile, rename, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { ConfigError, UsageError, errorMessage, parseConfig } from '@edge-blueprints/contracts';
import { createPackingEngine } from './lib/bundle/packing-engine.js';
import { readSigningKey } from './lib/bundle/signing-key.js';
import { readModelFacts, type ModelFacts } from './lib/bundle/wrap/model-facts.js';
import { resolveSettings, type ResolvedModel, type StatedSettings } from './lib/bundle/wrap/resolve-settings.js';
import { wrapBundle, type WrapReport } from './lib/bundle/wrap/wrap-bundle.js';
import {
  flagOf,
  openQuestionsError,
  parseAnswers,
  wrapQuestions,
  wrapSettingsSchema,
  type OpenQuestion,
  type WrapSettings,
} from './lib/bundle/wrap/wrap-settings.js';

/** Flags of `bundle-cli wrap`, besides --out and --key: one for every setting. */
export const wrapOptions = Object.fromEntries(
  Object.keys(wrapQuestions).map((name) => [flagOf(name).slice(2), { type: 'string' as const }]),
);

export const wrapHelp = Object.entries(wrapQuestions)
  .map(([name, question]) => `      ${flagOf(name).padEnd(18)} ${question}`)
  .join('\n');

/** Someone at a terminal; undefined where nobody can be asked. */
export type Ask = (question: string) => Promise<string>;

export interface WrapCommand {
  readonly file: string | undefined;
  readonly out: string;
  readonly key: string;
  readonly fromSettings: string | undefined;
  readonly saveSettings: string | undefined;
  /** By flag, without dashes before it. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly ask: Ask | undefined;
}

/**
 * Wraps a foreign model: what its file and its family tell, then flags, then the settings file, then questions.
 * @throws ConfigError `bundle.wrap-open` with every open question when there is nobody to ask
 */
export async function runWrap(command: WrapCommand): Promise<WrapReport & { readonly settings: WrapSettings }> {
  const { file } = command;
  if (file === undefined) throw new UsageError('bundle.cli-usage', 'wrap needs the ONNX file; see --help');
  const privateKey = await readSigningKey(command.key);
  const facts = await readModelFacts(file);
  const stored = command.fromSettings === undefined ? {} : await readSettings(command.fromSettings);
  const given = { ...stored, ...flagSettings(command.flags) };
  const { model, settings } = await resolved(facts, given, command.ask);
  const report = await wrapBundle({
    ...{ facts, model, settings, privateKey, out: command.out, createEngine: createPackingEngine },
  });
  if (command.saveSettings !== undefined) await saveSettings(command.saveSettings, settings);
  return { ...report, settings };
}

async function resolved(
  facts: ModelFacts,
  given: WrapSettings,
  ask: Ask | undefined,
): Promise<{ readonly model: ResolvedModel; readonly settings: StatedSettings }> {
  let settings = given;
  for (;;) {
    const outcome = await resolveSettings(facts, settings);
    if ('model' in outcome) return outcome;
    if (ask === undefined) throw openQuestionsError(facts.file, outcome.open, outcome.sizeUnknown);
    for (const question of outcome.open) settings = { ...settings, ...(await answered(question, ask)) };
  }
}

/** Asks until the answer fits. */
async function answered({ field, hint }: OpenQuestion, ask: Ask): Promise<WrapSettings> {
  for (let complaint = ''; ;) {
    const text = await ask(`${complaint}${wrapQuestions[field]}${hint === '' ? '' : ` (${hint})`}: `);
    if (text.trim() === '') continue;
    try {
      return parseAnswers({ [field]: text.trim() }, 'the answer');
    } catch (error) {
      complaint = `${errorMessage(error)}\n`;
    }
  }
}

function flagSettings(flags: Readonly<Record<string, unknown>>): WrapSettings {
  const given = Object.keys(wrapQuestions).flatMap((name) => {
    const text = flags[flagOf(name).slice(2)];
    return typeof text === 'string' ? [[name, text] as const] : [];
  });
  return parseAnswers(Object.fromEntries(given), 'the flags');
}

async function readSettings(file: string): Promise<WrapSettings> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new ConfigError('bundle.pack-input', `${file} cannot be read as JSON: ${errorMessage(error)}`);
  }
  return parseConfig(wrapSettingsSchema, json, file);
}

async function saveSettings(file: string, settings: WrapSettings): Promise<void> {
  await writeFile(`${file}.draft`, `${JSON.stringify(settings, null, 2)}\n`);
  await rename(`${file}.draft`, file);
}

/** Asks on the terminal; undefined when input or output is none. */
export function terminalAsk(): { readonly ask: Ask | undefined; readonly close: () => void } {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return { ask: undefined, close: () => undefined };
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  return { ask: (question) => terminal.question(question), close: () => terminal.close() };
}
