import { DeviceError, type InferenceEngine } from '@edge-blueprints/contracts';

/** Runs rows of features through the model: one array of probabilities a row, in the order of the bundle's labels. */
export interface RowModel {
  readonly columns: number;
  readonly labels: number;
  probabilities(rows: readonly Float32Array[], signal?: AbortSignal): Promise<readonly Float32Array[]>;
}

export interface RowModelOptions {
  readonly engine: InferenceEngine;
  readonly input: string;
  readonly output: string;
  /** Rows of one run; fewer are padded with zeros, more are run in turns. */
  readonly rows: number;
  readonly columns: number;
  readonly labels: number;
  /** SHA-256 of the model file; what another file gave is refused. */
  readonly modelDigest: string;
}

/** @throws DeviceError `ward.model-output` when the engine ran another file or gave something that is not a probability */
export function createRowModel(options: RowModelOptions): RowModel {
  const { engine, input, output, columns, labels, modelDigest } = options;
  const runOnce = async (rows: readonly Float32Array[], signal: AbortSignal | undefined) => {
    const tensors = engine.allocateInputs();
    const data = tensors[input]?.data;
    if (!(data instanceof Float32Array) || data.length !== options.rows * columns)
      throw fault(`the input ${input} is not float32 [${options.rows}, ${columns}]`);
    data.fill(0);
    rows.forEach((row, at) => {
      data.set(row, at * columns);
    });
    const result = await engine.infer(tensors, signal === undefined ? {} : { signal });
    if (result.modelDigest !== modelDigest)
      throw fault(`file ${result.modelDigest.slice(0, 12)} ran instead of ${modelDigest.slice(0, 12)}`);
    const found = result.outputs[output]?.data;
    if (!(found instanceof Float32Array) || found.length !== options.rows * labels)
      throw fault(`the output ${output} is not float32 [${options.rows}, ${labels}]`);
    const own = found.slice(0, rows.length * labels);
    if (!own.every((value) => value >= 0 && value <= 1)) throw fault(`the output ${output} holds no probabilities`);
    return rows.map((_, at) => own.subarray(at * labels, (at + 1) * labels));
  };
  return {
    columns,
    labels,
    probabilities: async (rows, signal) => {
      const wrong = rows.find((row) => row.length !== columns);
      if (wrong !== undefined) throw fault(`a row has ${wrong.length} columns, the model takes ${columns}`);
      const out: Float32Array[] = [];
      for (let from = 0; from < rows.length; from += options.rows)
        out.push(...(await runOnce(rows.slice(from, from + options.rows), signal)));
      return out;
    },
  };
}

const fault = (what: string): DeviceError =>
  new DeviceError('ward.model-output', `The advisory model cannot be used: ${what}. Advisories stop; rules go on.`);
