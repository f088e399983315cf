import { ConfigError } from '@edge-blueprints/contracts';
import type { Frame, InferenceEngine } from '@edge-blueprints/contracts';
import type { BundleManifest } from '@edge-blueprints/inference';
import { createLetterboxPreparation } from '@edge-blueprints/vision';
import type { Picture } from '@edge-blueprints/vision';
import type { PreparedInput } from '../line.js';
import { createTestAndTemplatePreprocess } from './test-and-template.js';

/** The `preprocess` part of a bundle. */
export type PreprocessRules = BundleManifest['preprocess'];

/** @throws DeviceError `camera.template-missing` */
export type TemplateOf = (frame: Frame) => Picture | Promise<Picture>;

/**
 * A frame to the input of the model, as its bundle says.
 * @throws ConfigError `station.templates-missing` for a model that compares with a template where there is none,
 * `station.bundle-unsuitable` for a model of people
 */
export function createPreprocess(options: {
  readonly rules: PreprocessRules;
  readonly engine: Pick<InferenceEngine, 'allocateInputs'>;
  readonly templateOf: TemplateOf | undefined;
}): (frame: Frame) => PreparedInput | Promise<PreparedInput> {
  const { rules, engine, templateOf } = options;
  if (rules.kind === 'letterbox') return createLetterboxPreparation({ rules, engine });
  if (rules.kind === 'person-crop') {
    throw new ConfigError(
      'station.bundle-unsuitable',
      'The model looks at one person at a time (preprocess person-crop), a station judges whole parts: give another bundle',
    );
  }
  if (templateOf === undefined) {
    throw new ConfigError(
      'station.templates-missing',
      'The model compares each part with its golden template, but there are no templates: give templates.folder, or for a golden part its template',
    );
  }
  return createTestAndTemplatePreprocess({ inputName: rules.input, engine, templateOf });
}
