import { ConfigError } from '@edge-blueprints/contracts';

/** What an ONNX file says about itself beyond the tensors that the runtime reports. */
export interface OnnxFile {
  readonly producer: string;
  /** Free text that exporters leave: class names, task, keypoints. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Kinds of operators, each once. */
  readonly operators: readonly string[];
  /** Names of the weights; some exporters list them among the inputs. */
  readonly weights: readonly string[];
}

/** Fields of ModelProto, GraphProto, NodeProto, TensorProto. @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const field = {
  producer: 2,
  graph: 7,
  metadata: 14,
  key: 1,
  value: 2,
  node: 1,
  operator: 4,
  weight: 5,
  name: 8,
} as const;

/** @throws ConfigError `bundle.wrap-model` for what is no ONNX file */
export function readOnnxFile(bytes: Uint8Array, file: string): OnnxFile {
  try {
    const model = fieldsOf(bytes);
    const graph = model.filter((each) => each.field === field.graph).flatMap((each) => fieldsOf(each.bytes));
    if (graph.length === 0) throw new RangeError('it holds no graph');
    const strings = (messages: readonly Field[], wanted: number): string =>
      messages.filter((each) => each.field === wanted).map((each) => textOf(each.bytes))[0] ?? '';
    const entries = model
      .filter((each) => each.field === field.metadata)
      .map((each) => fieldsOf(each.bytes))
      .map((entry) => [strings(entry, field.key), strings(entry, field.value)] as const);
    const within = (kind: number, wanted: number): readonly string[] =>
      graph.filter((each) => each.field === kind).map((each) => strings(fieldsOf(each.bytes), wanted));
    return {
      producer: strings(model, field.producer),
      metadata: Object.fromEntries(entries),
      operators: [...new Set(within(field.node, field.operator))].sort(),
      weights: within(field.weight, field.name),
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ConfigError(
      'bundle.wrap-model',
      `${file} is no ONNX file (${error.message}). Export the model to ONNX first; PyTorch, TensorFlow and OpenVINO files are not read.`,
    );
  }
}

interface Field {
  readonly field: number;
  /** Content of a length-delimited field, empty for numbers. */
  readonly bytes: Uint8Array;
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** The fields of one protobuf message, without their meaning. */
function fieldsOf(message: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at];
      if (byte === undefined || factor > 2 ** 63) throw new RangeError(`it ends or breaks at byte ${at}`);
      at += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const [number, wire] = [Math.floor(tag / 8), tag & 7];
    let length = 0;
    if (wire === 0) varint();
    else if (wire === 1) length = 8;
    else if (wire === 2) length = varint();
    else if (wire === 5) length = 4;
    else throw new RangeError(`byte ${at} is no protobuf field`);
    if (at + length > message.length) throw new RangeError(`a field reaches beyond its end at byte ${at}`);
    fields.push({ field: number, bytes: wire === 2 ? message.subarray(at, at + length) : new Uint8Array() });
    at += length;
  }
  return fields;
}
