import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StarterChoice, TargetChoice } from './check-options.js';
import { mapStrings, mergePatch, type Json } from './merge-patch.js';
import { integrationOptions, plainName } from './options.js';
import { renderTemplate } from './render-template.js';
import { servedParity } from './sidecar-files.js';

/** How the model reaches the accelerator: in the station's process, or as a server beside it. */
export function engineOf({ entry, route }: TargetChoice): 'in-process' | 'sidecar' {
  return entry.target.routes.find(({ id }) => id === route)?.engine ?? 'in-process';
}

/** Whether the app of this blueprint can ask a server for inference at all. */
export const takesSidecar = (root: string, { blueprint }: StarterChoice): boolean =>
  existsSync(join(root, overlay(blueprint.id, 'engine-sidecar')));

/**
 * The configuration of one target: the blueprint's example, then its overlays for every starter, for the pattern, for the
 * engine of the target, and for each option that was given (and its value, where the choice is closed), as JSON merge patches.
 */
export function starterConfig(
  root: string,
  choice: StarterChoice,
  target: TargetChoice,
  id: string = starterId(choice.options.name),
): Json {
  const { blueprint, options } = choice;
  const given = integrationOptions.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]] as const]));
  const route = target.entry.target.routes.find(({ id: each }) => each === target.route);
  const parity = servedParity(route);
  const names = [
    'base',
    `pattern-${options.pattern}`,
    ...(options.pattern === 'fog' ? [] : [`engine-${engineOf(target)}`, `engine-${target.route}`]),
    ...(options.pattern === 'fog' || route?.sidecar === undefined ? [] : ['sidecar-variant']),
    ...(options.pattern === 'fog' || parity === undefined ? [] : ['sidecar-parity']),
    ...given.flatMap(([key, value]) => [`option-${key}`, ...(isWord(value) ? [`option-${key}-${value}`] : [])]),
  ];
  const values = {
    ...{ id, target: target.entry.id, sidecarVariant: route?.sidecar?.variant ?? '' },
    ...Object.fromEntries(given),
  };
  const numbers = new Map<string, number>(
    parity === undefined
      ? []
      : [
          ['<%= parityFactor %>', parity.factor],
          ['<%= parityOutlierShare %>', parity.outlierShare],
        ],
  );
  const patches = names
    .map((name) => overlay(blueprint.id, name))
    .filter((file) => existsSync(join(root, file)))
    .map((file) => mapStrings(readJson(root, file), (text) => numbers.get(text) ?? renderTemplate(text, values, file)));
  const example = mapStrings(readJson(root, blueprint.app.exampleConfig), fromStarter);
  return patches.reduce<Json>(mergePatch, example);
}

/** The example lies in `apps/NAME/config` of this repository, a starter's configuration in its `config`. */
const fromStarter = (text: string): string => text.replace(/^(\.\.\/){3}/, '../');

/** An address is no part of a file name. */
const isWord = (value: string): boolean => /^[a-z-]+$/.test(value);

const overlay = (blueprint: string, name: string): string => `blueprints/${blueprint}/starter/config/${name}.json`;

function readJson(root: string, file: string): Json {
  const json: Json = JSON.parse(readFileSync(join(root, file), 'utf8'));
  return json;
}

/** Of the device in records, topics and certificates: 1 to 32 of a-z, 0-9 and dash. */
export function starterId(name: string): string {
  return (
    plainName(name)
      .replaceAll(/[^a-z0-9-]/g, '-')
      .replace(/^-+/, '')
      .slice(0, 32) || 'station'
  );
}
