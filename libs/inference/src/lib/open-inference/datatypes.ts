import type { TensorDtype } from '@edge-blueprints/contracts';

/** Names of the Open Inference Protocol for the tensor types that this workspace has. */
const datatypes = {
  float32: 'FP32',
  uint8: 'UINT8',
  int8: 'INT8',
  int32: 'INT32',
  int64: 'INT64',
} as const satisfies Record<TensorDtype, string>;

export const datatypeOf = (dtype: TensorDtype): string => datatypes[dtype];

/** The tensor type of a protocol name; undefined for types that are not supported (FP16, BF16, BOOL, BYTES and others). */
export function dtypeOfDatatype(datatype: string): TensorDtype | undefined {
  switch (datatype) {
    case 'FP32':
      return 'float32';
    case 'UINT8':
      return 'uint8';
    case 'INT8':
      return 'int8';
    case 'INT32':
      return 'int32';
    case 'INT64':
      return 'int64';
    default:
      return undefined;
  }
}
