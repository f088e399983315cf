import type { ResolvedModel } from './resolve-settings.js';
import type { WrapSettings } from './wrap-settings.js';

/** What the manifest says about pictures and outputs, and who said it: one line each, for the card and for the terminal. */
export function assumptionsOf(model: ResolvedModel, settings: WrapSettings): readonly string[] {
  const { reading, preprocess, postprocess, keypoints } = model;
  const by = (...fields: readonly (keyof WrapSettings)[]): string =>
    fields.some((field) => settings[field] !== undefined) ? 'stated' : `habit of ${reading.family}`;
  const lines = [`Kind of model: ${reading.family}, told by ${reading.because}.`];
  if (preprocess.kind !== 'test-and-template' && preprocess.kind !== 'window-features') {
    const { channels, scale, mean, std, padValue } = preprocess;
    const normal = mean.length === 0 ? 'no mean' : `mean ${mean.join(', ')}, deviation ${std.join(', ')}`;
    lines.push(`Colours: ${channels} (${by('channels')}).`);
    lines.push(`Values: level times ${Number(scale.toPrecision(6))}, ${normal} (${by('scale', 'mean', 'std')}).`);
    const placing =
      preprocess.kind === 'person-crop'
        ? `crop of the box times ${preprocess.margin}, outside level ${padValue}`
        : preprocess.fit === 'stretch'
          ? 'stretched to the input'
          : `sides kept, ${preprocess.align ?? 'centre'}, padding level ${padValue}`;
    lines.push(`Picture: ${placing} (${by('fit', 'align', 'padValue', 'margin')}).`);
  }
  const people = model.labels.indexOf('person');
  lines.push(`Classes: ${model.labels.length}; class ${people} is a person (${by('labels', 'person')}).`);
  if (keypoints !== undefined) lines.push(`Keypoints: ${keypoints.join(', ')} (${by('keypoints')}).`);
  if ('nmsIou' in postprocess)
    lines.push(`Boxes that overlap a better one by more than ${postprocess.nmsIou} are dropped (${by('nmsIou')}).`);
  if (postprocess.decoder === 'yolox')
    lines.push(
      `Grid and stride are ${postprocess.gridInGraph ? 'applied by the graph' : 'not applied by the graph'}, told by a run.`,
    );
  return lines;
}
