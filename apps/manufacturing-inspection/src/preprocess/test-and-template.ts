import { EdgeError } from '@edge-blueprints/contracts';
import type { Frame, InferenceEngine } from '@edge-blueprints/contracts';
import { createTestAndTemplatePacker } from '@edge-blueprints/vision';
import type { Picture, TestAndTemplatePacker } from '@edge-blueprints/vision';
import type { PreparedInput } from '../line.js';

/**
 * Writes the part and its golden template into an input of the engine. Asks for the input last, so that a part without a
 * template takes none from the engine's pool. Answers at once when the template is at hand, else when it has been read.
 * @throws EdgeError of the template, `preprocess.input` when the engine's input is not uint8 [1, 2, height, width]
 */
export function createTestAndTemplatePreprocess(options: {
  readonly inputName: string;
  readonly engine: Pick<InferenceEngine, 'allocateInputs'>;
  /** @throws DeviceError `camera.template-missing` */
  readonly templateOf: (frame: Frame) => Picture | Promise<Picture>;
}): (frame: Frame) => PreparedInput | Promise<PreparedInput> {
  const packers = new Map<string, TestAndTemplatePacker>();
  const pack = (frame: Frame, template: Picture): PreparedInput => {
    const inputs = options.engine.allocateInputs();
    const tensor = inputs[options.inputName];
    const [, planes, height, width] = tensor?.dims ?? [];
    if (!(tensor?.data instanceof Uint8Array) || planes !== 2 || height === undefined || width === undefined) {
      throw new EdgeError(
        'preprocess.input',
        `The model's input ${options.inputName} is ${tensor?.dtype ?? 'not there'} [${tensor?.dims.join(', ') ?? ''}], expected uint8 [1, 2, height, width]`,
      );
    }
    const size = `${width}x${height}`;
    const packer = packers.get(size) ?? createTestAndTemplatePacker({ width, height });
    packers.set(size, packer);
    return { inputs, mapping: packer(frame, template, tensor.data) };
  };
  return (frame) => {
    const template = options.templateOf(frame);
    return template instanceof Promise ? template.then((read) => pack(frame, read)) : pack(frame, template);
  };
}
