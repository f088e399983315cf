export type TensorDtype = 'float32' | 'uint8' | 'int8' | 'int32' | 'int64';

export type TensorData = Float32Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;

/** Row-major. `data.length` equals the product of `dims`. */
export interface Tensor {
  readonly dtype: TensorDtype;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

export type Tensors = Readonly<Record<string, Tensor>>;
