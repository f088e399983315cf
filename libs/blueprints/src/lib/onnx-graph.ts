import { ConfigError } from '@edge-blueprints/contracts';

export interface OnnxNode {
  readonly name: string;
  readonly operator: string;
  /** Empty for the standard operators. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export interface OnnxValue {
  readonly name: string;
  /** null where a dimension is not a fixed number. */
  readonly dims: readonly (number | null)[];
}

/** What a check of operators needs of an ONNX file. Nodes of subgraphs (If, Loop) stand in the list of their owner. */
export interface OnnxGraph {
  /** Version of the standard operators. */
  readonly opset: number;
  readonly nodes: readonly OnnxNode[];
  /** Without the weights. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly bytes: number;
}

/** Field numbers. @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const model = { graph: 7, opset: 8 } as const;
const opset = { domain: 1, version: 2 } as const;
const graph = { node: 1, weight: 5, input: 11, output: 12 } as const;
const node = { input: 1, output: 2, name: 3, operator: 4, attribute: 5, domain: 7 } as const;
const attribute = { graph: 6, graphs: 11 } as const;
const weight = { name: 8 } as const;
/** ValueInfoProto.type -> TypeProto.tensor_type -> .shape -> .dim -> .dim_value */
const value = { name: 1, type: 2, tensor: 1, shape: 2, dim: 1, number: 1 } as const;

/** @throws ConfigError `blueprints.no-onnx` for bytes that are no ONNX file */
export function readOnnxGraph(bytes: Uint8Array, file: string): OnnxGraph {
  try {
    const fields = fieldsOf(bytes);
    const [whole] = messages(fields, model.graph);
    if (whole === undefined) throw new RangeError('it holds no graph');
    const imports = messages(fields, model.opset).map((each) => ({
      domain: textAt(each, opset.domain),
      version: each.find((field) => field.number === opset.version)?.value ?? 0,
    }));
    const weights = new Set(messages(whole, graph.weight).map((each) => textAt(each, weight.name)));
    return {
      opset: imports.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0,
      nodes: nodesOf(whole),
      inputs: messages(whole, graph.input)
        .map(valueOf)
        .filter(({ name }) => !weights.has(name)),
      outputs: messages(whole, graph.output).map(valueOf),
      bytes: bytes.length,
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ConfigError('blueprints.no-onnx', `${file} is no ONNX file (${error.message}). Export the model again.`);
  }
}

function nodesOf(fields: readonly Field[]): readonly OnnxNode[] {
  return messages(fields, graph.node).flatMap((each) => {
    const inner = messages(each, node.attribute).flatMap((one) => [
      ...messages(one, attribute.graph),
      ...messages(one, attribute.graphs),
    ]);
    const outputs = textsAt(each, node.output);
    const own: OnnxNode = {
      name: textAt(each, node.name) || (outputs[0] ?? ''),
      operator: textAt(each, node.operator),
      domain: textAt(each, node.domain).replace(/^ai\.onnx$/, ''),
      inputs: textsAt(each, node.input),
      outputs,
    };
    return [own, ...inner.flatMap(nodesOf)];
  });
}

function valueOf(fields: readonly Field[]): OnnxValue {
  const within = (from: readonly Field[], field: number): readonly Field[] => messages(from, field).flat();
  const shape = within(within(within(fields, value.type), value.tensor), value.shape);
  return {
    name: textAt(fields, value.name),
    dims: messages(shape, value.dim).map((dim) => {
      const number = dim.find((field) => field.number === value.number)?.value ?? 0;
      return number > 0 ? number : null;
    }),
  };
}

interface Field {
  readonly number: number;
  /** Of a varint; 0 for other kinds. */
  readonly value: number;
  /** Of a length-delimited field; empty for other kinds. */
  readonly bytes: Uint8Array;
}

const textsAt = (fields: readonly Field[], wanted: number): readonly string[] =>
  fields.filter(({ number }) => number === wanted).map(({ bytes }) => Buffer.from(bytes).toString('utf8'));
const textAt = (fields: readonly Field[], wanted: number): string => textsAt(fields, wanted)[0] ?? '';
const messages = (fields: readonly Field[], wanted: number): readonly (readonly Field[])[] =>
  fields.filter(({ number }) => number === wanted).map(({ bytes }) => fieldsOf(bytes));

/** The fields of one protobuf message, without their meaning. @throws RangeError for bytes that are none */
function fieldsOf(message: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let sum = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at];
      if (byte === undefined || factor > 2 ** 63) throw new RangeError(`it ends or breaks at byte ${at}`);
      at += 1;
      sum += (byte & 127) * factor;
      if (byte < 128) return sum;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const [number, wire] = [Math.floor(tag / 8), tag & 7];
    let [length, sum] = [0, 0];
    if (wire === 0) sum = varint();
    else if (wire === 1) length = 8;
    else if (wire === 2) length = varint();
    else if (wire === 5) length = 4;
    else throw new RangeError(`byte ${at} is no protobuf field`);
    if (at + length > message.length) throw new RangeError(`a field reaches beyond its end at byte ${at}`);
    fields.push({ number, value: sum, bytes: wire === 2 ? message.subarray(at, at + length) : new Uint8Array() });
    at += length;
  }
  return fields;
}
