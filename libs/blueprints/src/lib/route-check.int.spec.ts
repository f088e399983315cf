import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig, targetSchema, type TargetRoute } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { readOnnxGraph, type OnnxGraph, type OnnxNode } from './onnx-graph.js';
import { routeRefusals } from './route-check.js';

const root = join(import.meta.dirname, '../../../..');

function routeOf(target: string, route?: string): TargetRoute {
  const file = join(root, 'blueprints/targets', target, 'target.json');
  const { routes } = parseConfig(targetSchema, JSON.parse(readFileSync(file, 'utf8')), file);
  const found = routes.find(({ id }) => route === undefined || id === route);
  if (found === undefined) throw new RangeError(`no route ${route}`);
  return found;
}

function bundled(path: string): OnnxGraph {
  return readOnnxGraph(readFileSync(join(root, 'models/bundles', path)), path);
}

const node = (operator: string, input: string, output: string, domain = ''): OnnxNode => ({
  ...{ name: output, operator, domain },
  ...{ inputs: [input], outputs: [output] },
});
const graph = (nodes: readonly OnnxNode[], change: Partial<OnnxGraph> = {}): OnnxGraph => ({
  ...{ opset: 13, bytes: 1, inputs: [{ name: 'in', dims: [1, 3, 8, 8] }] },
  ...{ nodes, outputs: [{ name: nodes.at(-1)?.outputs[0] ?? '', dims: [1, 8] }] },
  ...change,
});

/** Protobuf by hand: a length-delimited field, a number. */
const bytes = (number: number, content: string | Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([number * 8 + 2, content.length]), Buffer.from(content)]);
const number = (field: number, value: number): Buffer => Buffer.from([field * 8, value]);

describe('readOnnxGraph', () => {
  it('takes weights that stand among the inputs for weights, and nodes within a branch for nodes', () => {
    const branch = bytes(1, Buffer.concat([bytes(2, 'b'), bytes(4, 'TopK')]));
    const choose = Buffer.concat([bytes(1, 'in'), bytes(2, 'out'), bytes(4, 'If'), bytes(5, bytes(6, branch))]);
    const body = [bytes(1, choose), bytes(5, bytes(8, 'w')), bytes(11, bytes(1, 'in')), bytes(11, bytes(1, 'w'))];
    const file = Buffer.concat([bytes(7, Buffer.concat(body)), bytes(8, number(2, 17))]);
    const read = readOnnxGraph(file, 'x.onnx');
    expect(read.opset).toBe(17);
    expect(read.inputs.map(({ name }) => name)).toEqual(['in']);
    expect(read.nodes.map(({ operator }) => operator)).toEqual(['If', 'TopK']);
  });

  it('reads operators, opset, shapes and size of a bundled file', () => {
    const read = bundled('pcb-defects/fp32.onnx');
    expect(read.bytes).toBe(753_202);
    expect(read.inputs).toEqual([{ name: 'images', dims: [1, 2, 640, 640] }]);
    expect(read.outputs.map(({ name }) => name)).toEqual(['scores', 'boxes']);
    expect(read.outputs[0]?.dims).toEqual([1, 6, 80, 80]);
    expect(read.nodes.map(({ operator }) => operator)).toEqual(
      expect.arrayContaining(['Cast', 'Conv', 'Sigmoid', 'Exp']),
    );
  });

  it('refuses other files by name', () => {
    for (const content of [new Uint8Array(), Buffer.from('not a model'), readFileSync(join(root, 'package.json'))]) {
      expect(() => readOnnxGraph(content, 'x.onnx')).toThrow(/x\.onnx is no ONNX file/);
    }
  });
});

/** The counts are those of the workshop's own check (onnx in Python) of the same files. */
describe('routeRefusals', () => {
  it.each([
    ['pcb-defects/fp32.onnx', 'hailo-8l', 'hailo', 0],
    ['pcb-defects/fp32.onnx', 'coral-dev-board', 'edgetpu', 0],
    ['pcb-defects/int8.onnx', 'meteor-lake-npu', 'openvino', 0],
    ['person-pose/fp32.onnx', 'hailo-8l', 'hailo', 3],
    ['person-pose/fp32.onnx', 'coral-dev-board', 'edgetpu', 3],
    ['person-pose/fp32.onnx', 'cloud-ai-100', 'qaic', 1],
    ['person-pose/fp32.onnx', 'jetson-orin-nx', 'tensorrt', 0],
    ['surface-anomaly/fp32.onnx', 'hailo-8l', 'hailo', 39],
  ])('%s on %s by %s: %i', (file, target, route, count) => {
    expect(routeRefusals(bundled(file), routeOf(target, route), target)).toHaveLength(count);
  });

  it('names the node, its operator and the remedy of the target', () => {
    const route = routeOf('coral-dev-board');
    const [first] = routeRefusals(graph([node('Exp', 'in', 'e'), node('Conv', 'e', 'c')]), route, 'coral-dev-board');
    expect(first).toMatch(
      /^node e \(Exp\): coral-dev-board cannot run this operator here; the Edge TPU has no exponential/,
    );
  });

  it('lets the host run the first and the last nodes, and nothing between', () => {
    const route = routeOf('hailo-8l');
    const fits = [node('Cast', 'in', 'x'), node('Conv', 'x', 'c'), node('Sigmoid', 'c', 's'), node('Exp', 's', 'e')];
    expect(routeRefusals(graph(fits), route, 'hailo-8l')).toEqual([]);
    const between = [...fits, node('Conv', 'e', 'last')];
    expect(routeRefusals(graph(between), route, 'hailo-8l')).toEqual([expect.stringContaining('node e (Exp)')]);
    const late = [node('Conv', 'in', 'c'), node('Cast', 'c', 'k'), node('Conv', 'k', 'last')];
    expect(routeRefusals(graph(late), route, 'hailo-8l')).toEqual([expect.stringContaining('node k (Cast)')]);
  });

  it('refuses another opset, dynamic shapes, too many dimensions, foreign domains and quantised files', () => {
    const route = routeOf('hailo-8l');
    const inputs = [{ name: 'in', dims: [null, 1, 3, 8, 8] }];
    const problems = routeRefusals(
      graph([node('Conv', 'in', 'c', 'com.x'), node('QuantizeLinear', 'c', 'q')], { opset: 21, inputs }),
      route,
      'hailo-8l',
    );
    expect(problems).toEqual([
      expect.stringMatching(/^opset 21, but Hailo Dataflow Compiler 3\.34\.0 takes 11 to 17/),
      expect.stringContaining('in has a dynamic shape'),
      expect.stringContaining('in has 5 dimensions'),
      expect.stringContaining('domain com.x'),
      expect.stringContaining('1 quantising nodes'),
    ]);
  });
});
