import { ConfigError, type Box } from '@edge-blueprints/contracts';

/** A true defect: class index into the labels and its box, pixels. */
export interface TrueDefect {
  readonly classIndex: number;
  readonly label: string;
  readonly box: Box;
}

/** The classes of DeepPCB in the order of its label files (type 1 is index 0). */
export const deepPcbLabels = ['open', 'short', 'mousebite', 'spur', 'copper', 'pin-hole'] as const;

/**
 * Reads a DeepPCB label file: one defect a line, `x1 y1 x2 y2 type`, separated by blanks or commas.
 * @param source name of the file, for the error
 * @throws ConfigError `vision.labels-invalid` that lists every bad line
 */
export function parseDeepPcbLabels(text: string, source: string): TrueDefect[] {
  const problems: string[] = [];
  const defects: TrueDefect[] = [];
  text.split(/\r?\n/).forEach((line, i) => {
    if (line.trim() === '') return;
    const fields = line.trim().split(/[\s,]+/);
    const [xMin = NaN, yMin = NaN, xMax = NaN, yMax = NaN, type = NaN] = fields.map(Number);
    const label = deepPcbLabels[type - 1];
    if (fields.length !== 5 || ![xMin, yMin, xMax, yMax].every((v) => Number.isFinite(v) && v >= 0)) {
      problems.push(`line ${i + 1}: expected "x1 y1 x2 y2 type", got "${line.trim().slice(0, 60)}"`);
    } else if (label === undefined) problems.push(`line ${i + 1}: type ${type} is not 1 to ${deepPcbLabels.length}`);
    else if (xMax <= xMin || yMax <= yMin)
      problems.push(`line ${i + 1}: box ${xMin} ${yMin} ${xMax} ${yMax} has no area`);
    else defects.push({ classIndex: type - 1, label, box: { xMin, yMin, xMax, yMax } });
  });
  if (problems.length > 0) {
    throw new ConfigError('vision.labels-invalid', `Labels in ${source} cannot be read:\n  ${problems.join('\n  ')}`, {
      context: { source, problems: problems.length },
    });
  }
  return defects;
}
