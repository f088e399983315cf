import type { Box, Detection, Tensors } from '@edge-blueprints/contracts';
import { labelComponents, type MaskComponent } from './mask-components.js';
import { boxWithin, floatOutput, isProbability, malformed, malformedScore, type DecodedModel } from './model-output.js';
import type { Postprocess } from './postprocess-schema.js';

/** One connected piece of the map in cells, with its highest value. */
type Region = Omit<MaskComponent, 'label'> & { readonly peak: number };

/**
 * Decoder of a one-class model: an anomaly map [1, 1, h, w] of probabilities and the score of the whole picture [1].
 * Cells at or above the pixel threshold that touch, corners included, become one detection of the only label.
 *
 * The verdict belongs to the score of the picture: the strongest region carries it, no other region exceeds it, and where
 * no cell reaches the pixel threshold the cell with the highest value stands for the picture. So a part is rejected exactly
 * when its score reaches the threshold of the label, whatever the pixel threshold draws.
 */
export function createAnomalyMapDecoder(
  rules: Extract<Postprocess, { decoder: 'anomaly-map' }>,
  model: DecodedModel,
): (outputs: Tensors) => Detection[] {
  const width = model.width / rules.stride;
  const height = model.height / rules.stride;
  const label = model.labels[0] ?? 'anomaly';
  const pixelThreshold = Math.fround(rules.pixelThreshold);
  const floor = Math.fround(rules.scoreFloor);

  return (outputs) => {
    const { data } = floatOutput(outputs, rules.map, [1, 1, height, width]);
    const [score = NaN] = floatOutput(outputs, rules.score, [1]).data;
    if (!isProbability(score)) throw malformed(`the picture's score ${score} is no probability`);
    const peakAt = peakOf(data);
    if (score < floor) return [];
    const found = regionsOf(data, width, height, pixelThreshold).filter(({ area }) => area >= rules.minCells);
    const regions = found.length > 0 ? found.sort((a, b) => b.peak - a.peak) : [oneCell(peakAt, width)];
    const best = clampScore(score);
    return regions.slice(0, rules.topK).map((region, at) => ({
      label,
      classIndex: 0,
      score: at === 0 ? best : Math.min(best, clampScore(region.peak)),
      box: boxOf(region, rules.stride, model),
    }));
  };
}

/** @throws EdgeError `vision.output-malformed` for a value that is no probability: the map must not read as "nothing" */
function peakOf(data: Float32Array): number {
  let peakAt = 0;
  for (let i = 0; i < data.length; i += 1) {
    const value = data[i] ?? NaN;
    if (!isProbability(value)) throw malformedScore(value, i);
    if (value > (data[peakAt] ?? 0)) peakAt = i;
  }
  return peakAt;
}

/** Connected cells at or above a threshold with the highest value of each piece. */
function regionsOf(data: Float32Array, width: number, height: number, threshold: number): Region[] {
  const { labels, components } = labelComponents({
    width,
    height,
    bits: Uint8Array.from(data, (value) => (value >= threshold ? 1 : 0)),
  });
  const peaks = new Float32Array(components.length + 1);
  for (let at = 0; at < data.length; at += 1) {
    const label = labels[at] ?? 0;
    peaks[label] = Math.max(peaks[label] ?? 0, data[at] ?? 0);
  }
  return components.map((component) => ({ ...component, peak: peaks[component.label] ?? 0 }));
}

function oneCell(at: number, width: number): Region {
  const xMin = at % width;
  const yMin = (at - xMin) / width;
  return { xMin, yMin, xMax: xMin + 1, yMax: yMin + 1, area: 1, peak: 0 };
}

function boxOf({ xMin, yMin, xMax, yMax }: Region, stride: number, model: DecodedModel): Box {
  return boxWithin(xMin * stride, yMin * stride, xMax * stride, yMax * stride, model);
}

function clampScore(score: number): number {
  return Math.min(Math.max(score, 0), 1);
}
