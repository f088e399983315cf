import type { TargetRoute } from '@edge-blueprints/contracts';
import type { OnnxGraph, OnnxNode } from './onnx-graph.js';

const quantisers = ['QuantizeLinear', 'DequantizeLinear'];
const free = ['Constant', ...quantisers];

/**
 * Why a route cannot take a graph: operators (but those that the host runs at the input and behind the last accelerated
 * node), opset, fixed shapes, rank. The whole check, with parity, is `models:compile`; this one needs no Python and tells an
 * impossible pair before anything is written.
 */
export function routeRefusals(graph: OnnxGraph, route: TargetRoute, target: string): readonly string[] {
  const { opset, operators, staticShapes, maxRank } = route;
  const problems: string[] = [];
  if (graph.opset < opset.min || graph.opset > opset.max) {
    problems.push(
      `opset ${graph.opset}, but ${route.compiler.name} ${route.compiler.version} takes ${opset.min} to ${opset.max}; export with an opset in that range`,
    );
  }
  for (const { name, dims } of [...graph.inputs, ...graph.outputs]) {
    if (staticShapes && dims.includes(null)) problems.push(`${name} has a dynamic shape; export with a fixed one`);
    if (dims.length > maxRank) {
      problems.push(
        `${name} has ${dims.length} dimensions, ${target} takes ${maxRank} at most; reshape it before export`,
      );
    }
  }
  const host = hostNodes(graph, route);
  for (const node of graph.nodes) {
    if (node.domain !== '') {
      problems.push(`node ${node.name}: operator of the domain ${node.domain}; export standard ONNX operators`);
    } else if (!free.includes(node.operator) && !takes(route, node.operator) && !host.has(node)) {
      const remedy =
        operators.remedies?.[node.operator] ?? 'replace it in the network, or move it behind the last accelerated node';
      problems.push(`node ${node.name} (${node.operator}): ${target} cannot run this operator here; ${remedy}`);
    }
  }
  if (route.quantisation === 'none') {
    const quantised = graph.nodes.filter(({ operator }) => quantisers.includes(operator)).length;
    if (quantised > 0)
      problems.push(`${quantised} quantising nodes, but ${target} quantises by itself; give it the FP32 file`);
  }
  return problems;
}

const takes = ({ operators: { accelerator } }: TargetRoute, operator: string): boolean =>
  accelerator === '*' || accelerator.includes(operator);

/** Nodes of `hostHead` that see the graph's inputs only, and of `hostTail` that nothing but such nodes reads. */
function hostNodes(
  { nodes, inputs }: OnnxGraph,
  { operators: { hostHead, hostTail } }: TargetRoute,
): ReadonlySet<OnnxNode> {
  const found = new Set<OnnxNode>();
  const known = new Set(inputs.map(({ name }) => name));
  for (const node of nodes) {
    if (!hostHead.includes(node.operator) || !node.inputs.every((name) => known.has(name))) continue;
    found.add(node);
    for (const name of node.outputs) known.add(name);
  }
  const readers = new Map<string, OnnxNode[]>();
  for (const node of nodes) for (const name of node.inputs) readers.set(name, [...(readers.get(name) ?? []), node]);
  const tail = new Set<OnnxNode>();
  for (const node of nodes.toReversed()) {
    const behind = node.outputs.flatMap((name) => readers.get(name) ?? []);
    if (hostTail.includes(node.operator) && behind.every((reader) => tail.has(reader))) tail.add(node);
  }
  return new Set([...found, ...tail]);
}
