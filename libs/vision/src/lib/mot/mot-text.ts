import { ConfigError, type Box } from '@edge-blueprints/contracts';

/** One line of a MOTChallenge file. Frames count from 1. */
export interface MotBox {
  readonly frame: number;
  /** -1 in detection files. */
  readonly id: number;
  readonly box: Box;
  /** Score of a detection; in a ground truth 0 where the box is not to be scored. */
  readonly confidence: number;
  /** Class of a MOT16/17 ground truth; undefined where the file has world coordinates or nothing there. */
  readonly classIndex: number | undefined;
  /** 0 to 1, of a MOT16/17 ground truth. */
  readonly visibility: number | undefined;
}

export type MotLayout = 'mot15' | 'mot16';

const mostProblems = 20;

/**
 * Reads `frame,id,left,top,width,height,confidence` and what follows: x, y, z in `mot15` (not kept), class and visibility
 * in `mot16` ground truth. Lines come in any order and are kept in it. Boxes without area are kept out of no count: they
 * are an error.
 * @param source name of the file, for the error
 * @throws ConfigError `vision.mot-invalid` that lists the bad lines with their numbers
 * @see Leal-Taixe et al., arXiv 1504.01942, section 3.3; Milan et al., arXiv 1603.00831, section 3.4
 */
export function parseMot(text: string, source: string, layout: MotLayout = 'mot15'): MotBox[] {
  const problems: string[] = [];
  const boxes: MotBox[] = [];
  text.split('\n').forEach((raw, i) => {
    const line = raw.trim();
    if (line === '') return;
    const fields = line.split(/[\s,]+/).map(Number);
    const problem = problemOf(fields, layout);
    if (problem !== undefined) {
      problems.push(`line ${i + 1}: ${problem}, got "${line.slice(0, 60)}"`);
      return;
    }
    const [frame = 0, id = 0, left = 0, top = 0, width = 0, height = 0, confidence = 1, eighth, ninth] = fields;
    boxes.push({
      frame,
      id,
      box: { xMin: left, yMin: top, xMax: left + width, yMax: top + height },
      confidence,
      classIndex: layout === 'mot16' ? eighth : undefined,
      visibility: layout === 'mot16' ? ninth : undefined,
    });
  });
  if (problems.length === 0) return boxes;
  const more = problems.length > mostProblems ? `\n  and ${problems.length - mostProblems} more` : '';
  throw new ConfigError(
    'vision.mot-invalid',
    `MOT text in ${source} cannot be read:\n  ${problems.slice(0, mostProblems).join('\n  ')}${more}`,
    { context: { source, problems: problems.length } },
  );
}

function problemOf(fields: readonly number[], layout: MotLayout): string | undefined {
  if (fields.length < 7) return `expected at least 7 fields "frame,id,left,top,width,height,confidence"`;
  if (!fields.slice(0, 7).every(Number.isFinite)) return 'the first 7 fields must be numbers';
  const [frame = 0, id = 0, , , width = 0, height = 0] = fields;
  if (!(Number.isInteger(frame) && frame >= 1)) return 'the frame must be a whole number from 1';
  if (!Number.isInteger(id)) return 'the id must be a whole number';
  if (!(width > 0 && height > 0)) return 'width and height must be above 0';
  if (layout === 'mot16' && !Number.isInteger(fields[7])) return 'field 8 must be a class';
  return undefined;
}

/** One line per box as trackers hand results in: two decimals, no world coordinates. */
export function formatMot(boxes: readonly Pick<MotBox, 'frame' | 'id' | 'box'>[]): string {
  return boxes
    .map(({ frame, id, box }) => {
      const numbers = [box.xMin, box.yMin, box.xMax - box.xMin, box.yMax - box.yMin].map((value) => value.toFixed(2));
      return `${frame},${id},${numbers.join(',')},1,-1,-1,-1\n`;
    })
    .join('');
}
