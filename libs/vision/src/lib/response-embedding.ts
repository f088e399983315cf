import type { Tensors } from '@edge-blueprints/contracts';

/** Cells a side into which a map is pooled. */
const cells = 3;

/**
 * The model's response as one small vector: every map of the named output [1, C, H, W] pooled by its mean over 3 x 3 cells,
 * C * 9 values, in the order class, row, column. Shifts of the pictures show in what a model answers (black-box shift
 * detection: Lipton et al., ICML 2018; Rabanser et al., "Failing Loudly", NeurIPS 2019), so this serves as the embedding of
 * a picture without a second network. @returns undefined where the output is absent or is no such map
 */
export function responseEmbedding(outputs: Tensors, output: string): Float64Array | undefined {
  const tensor = outputs[output];
  if (tensor === undefined || tensor.dims.length !== 4 || !(tensor.data instanceof Float32Array)) return undefined;
  const [batch = 0, channels = 0, height = 0, width = 0] = tensor.dims;
  const { data } = tensor;
  if (batch !== 1 || height < cells || width < cells || data.length !== channels * height * width) return undefined;
  const embedding = new Float64Array(channels * cells * cells);
  const counts = new Float64Array(cells * cells);
  for (let y = 0; y < height; y += 1) {
    const rowCell = Math.floor((y * cells) / height) * cells;
    for (let x = 0; x < width; x += 1) {
      const cell = rowCell + Math.floor((x * cells) / width);
      counts[cell] = (counts[cell] ?? 0) + 1;
      for (let channel = 0; channel < channels; channel += 1) {
        const at = channel * cells * cells + cell;
        embedding[at] = (embedding[at] ?? 0) + (data[(channel * height + y) * width + x] ?? 0);
      }
    }
  }
  return embedding.map((sum, i) => sum / (counts[i % (cells * cells)] ?? 1));
}
