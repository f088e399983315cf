import { describe, expect, it } from 'vitest';
import { readValidationScores, type ValidationScores } from './validation-scores.js';

const sha256 = 'a'.repeat(64);
const manifest = { labels: ['open', 'short'], files: { 'int8.onnx': { sha256, bytes: 1 } } };
const good: ValidationScores = {
  format: 'edge-validation-scores/1',
  model: { file: 'int8.onnx', sha256 },
  source: 'held-out pictures',
  pictures: 3,
  classes: [
    { label: 'open', defects: 2, detections: [[0.912, 1], [0.4, 0]] }, // prettier-ignore
    { label: 'short', defects: 0, detections: [] },
  ],
  goodBoards: [[0.031, 0]],
};
const read = (value: unknown) =>
  readValidationScores(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), 'v.json', manifest);
const messages = (value: unknown): string => {
  const outcome = read(value);
  return 'problems' in outcome ? outcome.problems.map(({ message }) => message).join('\n') : '';
};

describe('validation scores of a bundle', () => {
  it('are read when they fit the bundle', () => {
    expect(read(good)).toEqual({ scores: good });
  });

  it('are refused with every reason when they are of another model, other classes or impossible', () => {
    const [open, short] = good.classes;
    const bad = {
      ...good,
      model: { file: 'int8.onnx', sha256: 'b'.repeat(64) },
      classes: [{ ...open, label: 'oval', defects: 1, detections: [[0.4, 1], [0.9, 1]] }, short], // prettier-ignore
      goodBoards: [[0.1]],
    };
    const text = messages(bad);
    for (const part of [/another int8\.onnx/, /classes oval/, /2 hits of 1 defects/, /falling order/, /goodBoards\.0/])
      expect(text).toMatch(part);
  });

  it('are refused when they are not JSON or hold a score that is none', () => {
    expect(messages('{')).toMatch(/v\.json: not JSON/);
    expect(messages({ ...good, goodBoards: [[1.5, 0]] })).toMatch(/at goodBoards\.0\.0/);
  });
});
