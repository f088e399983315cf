/** One operator of a graph, with its inputs and outputs by name and its integer attributes. */
export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, number>>;
}

export interface OnnxGraphTensor {
  readonly name: string;
  readonly dtype: 'float32' | 'uint8';
  /** A string names an open dimension. */
  readonly dims: readonly (number | string)[];
}

/** A scalar constant of the graph. */
export interface OnnxConstant {
  readonly name: string;
  readonly value: number;
}

export interface OnnxGraph {
  readonly inputs: readonly OnnxGraphTensor[];
  readonly outputs: readonly OnnxGraphTensor[];
  readonly constants?: readonly OnnxConstant[];
  readonly nodes: readonly OnnxNode[];
}

/** Element types of TensorProto. @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const elementType = { float32: 1, uint8: 2 } as const;

const irVersion = 8;
const opsetVersion = 13;

/**
 * The bytes of a small ONNX model (IR 8, opset 13). Enough of the format for provider probes and tests, where a model
 * has to be built at run time and no toolchain is at hand; real models come from bundles.
 */
export function encodeOnnxGraph(graph: OnnxGraph): Uint8Array {
  const body = message([
    ...graph.nodes.map((node) => bytesField(1, encodeNode(node))),
    textField(2, 'graph'),
    ...(graph.constants ?? []).map((constant) => bytesField(5, encodeConstant(constant))),
    ...graph.inputs.map((tensor) => bytesField(11, encodeValueInfo(tensor))),
    ...graph.outputs.map((tensor) => bytesField(12, encodeValueInfo(tensor))),
  ]);
  const opset = message([textField(1, ''), intField(2, opsetVersion)]);
  return message([intField(1, irVersion), bytesField(7, body), bytesField(8, opset)]);
}

function encodeNode(node: OnnxNode): Uint8Array {
  const attributes = Object.entries(node.attributes ?? {}).map(([name, value]) =>
    bytesField(5, message([textField(1, name), intField(3, value), intField(20, 2)])),
  );
  return message([
    ...node.inputs.map((name) => textField(1, name)),
    ...node.outputs.map((name) => textField(2, name)),
    textField(4, node.op),
    ...attributes,
  ]);
}

function encodeConstant(constant: OnnxConstant): Uint8Array {
  const raw = new Uint8Array(4);
  new DataView(raw.buffer).setFloat32(0, constant.value, true);
  return message([intField(2, elementType.float32), textField(8, constant.name), bytesField(9, raw)]);
}

function encodeValueInfo(tensor: OnnxGraphTensor): Uint8Array {
  const dims = tensor.dims.map((dim) =>
    bytesField(1, message([typeof dim === 'number' ? intField(1, dim) : textField(2, dim)])),
  );
  const tensorType = message([intField(1, elementType[tensor.dtype]), bytesField(2, message(dims))]);
  return message([textField(1, tensor.name), bytesField(2, message([bytesField(1, tensorType)]))]);
}

function message(fields: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(fields));
}

function intField(field: number, value: number): Uint8Array {
  return message([varint(field << 3), varint(value)]);
}

function bytesField(field: number, bytes: Uint8Array): Uint8Array {
  return message([varint((field << 3) | 2), varint(bytes.length), bytes]);
}

function textField(field: number, text: string): Uint8Array {
  return bytesField(field, new TextEncoder().encode(text));
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
