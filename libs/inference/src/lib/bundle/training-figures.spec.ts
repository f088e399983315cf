import { describe, expect, it } from 'vitest';
import { listed, sampleBundle } from './testing/sample-bundle.js';
import { chosenThresholds, measuredLatency, staleFigures, trainingFigures } from './training-figures.js';

const { files, variants } = listed(sampleBundle());
const spec = { labels: ['open', 'short'], thresholds: { default: 0.4, provenance: 'default' } };

describe('the figures of the training', () => {
  it('give the thresholds that were chosen and mark the rest as default', () => {
    const figures = trainingFigures(
      { thresholds: { per_class: { open: 0.31236 }, provenance: 'held-out pairs' } },
      'metrics.json',
    );
    expect(chosenThresholds(figures, spec)).toEqual([
      { label: 'open', threshold: 0.31236, provenance: 'held-out pairs' },
      { label: 'short', threshold: 0.4, provenance: 'default' },
    ]);
  });

  it('are refused in another form', () => {
    expect(() => trainingFigures({ thresholds: [0.3, 0.4] }, 'metrics.json')).toThrow(/metrics\.json[^]*thresholds/);
  });

  it('are stale when they were measured on another file', () => {
    const measured = (sha256: string) => trainingFigures({ models: { int8: { sha256 } } }, 'metrics.json');
    expect(staleFigures(measured(files['int8.onnx']?.sha256 ?? ''), files)).toEqual([]);
    expect(staleFigures(measured('0'.repeat(64)), files)).toEqual(['int8.onnx']);
    expect(staleFigures(trainingFigures({}, 'metrics.json'), files)).toEqual([]);
  });

  it('give the expected latency with its machine', () => {
    const metrics = {
      models: { int8: { latency: { '1_threads': { runs: 700, p50_ms: 4.2 }, '2_threads': { p50_ms: 2.9 } } } },
      machine: { cpu: 'x86_64', cores: 2, onnxruntime: '1.30.0' },
    };
    expect(measuredLatency(trainingFigures(metrics, 'metrics.json'), variants)).toEqual({
      'int8-16': { p50: 4.2, machine: 'x86_64, 2 cores, onnxruntime 1.30.0, 1 thread' },
    });
  });
});
