import { EdgeError, type Tensor, type TensorDtype, type Tensors } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesPerElement, elementsOf, tensorDataOf } from '../tensor-bytes.js';
import { bodyHeaders, headerLengthField, type EncodedBody } from './binary-body.js';
import { decodeInferRequest, decodeInferResponse, encodeInferRequest, encodeInferResponse } from './infer-message.js';

const dtypes: readonly TensorDtype[] = ['float32', 'uint8', 'int8', 'int32', 'int64'];
const tensor: fc.Arbitrary<Tensor> = fc
  .tuple(fc.constantFrom(...dtypes), fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }))
  .chain(([dtype, dims]) => {
    const bytes = elementsOf(dims) * bytesPerElement[dtype];
    return fc
      .uint8Array({ minLength: bytes, maxLength: bytes })
      .map((raw) => ({ dtype, dims, data: tensorDataOf(dtype, raw.slice()) }));
  });
const name = fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' }).filter((text) => text !== '__proto__');
const tensors: fc.Arbitrary<Tensors> = fc.dictionary(name, tensor, { minKeys: 1, maxKeys: 4, noNullPrototype: true });

const joined = (body: EncodedBody): Uint8Array => Buffer.concat(body.parts);
const lengthOf = (body: EncodedBody): string | undefined => body.jsonBytes?.toString();
const bytes = (value: Tensor) =>
  Buffer.from(value.data.buffer, value.data.byteOffset, value.data.byteLength).toString('hex');
const plain = (map: Iterable<readonly [string, Tensor]>) =>
  [...map].map(([key, value]) => [key, value.dtype, value.dims, bytes(value)]);

describe('the binary tensor codec', () => {
  it('gives back every request', () => {
    fc.assert(
      fc.property(tensors, fc.option(fc.integer({ min: 1, max: 60_000 }), { nil: undefined }), (inputs, timeoutMs) => {
        const body = encodeInferRequest(inputs, [{ name: 'scores', dtype: 'float32', dims: [1] }], timeoutMs);
        expect(bodyHeaders(body)['content-length']).toBe(joined(body).length);
        const request = decodeInferRequest(joined(body), lengthOf(body));
        expect(plain(request.inputs)).toEqual(plain(Object.entries(inputs)));
        expect(request.outputs).toEqual(['scores']);
        expect(request.binary('scores')).toBe(true);
        expect(request.timeoutMs).toBe(timeoutMs);
      }),
    );
  });

  it('gives back every response, as bytes and as JSON', () => {
    const head = { modelName: 'm', modelVersion: '1', id: 'x', parameters: { run_ms: 1.5 } };
    fc.assert(
      fc.property(tensors, fc.boolean(), (outputs, binary) => {
        const finite = Object.entries(outputs).filter(
          ([, { dtype }]) => binary || (dtype !== 'float32' && dtype !== 'int64'),
        );
        const body = encodeInferResponse(head, new Map(finite), () => binary);
        const response = decodeInferResponse(joined(body), lengthOf(body));
        expect(plain(response.outputs)).toEqual(plain(finite));
        expect(response.parameters).toEqual({ run_ms: 1.5 });
      }),
    );
  });

  it('gives each output memory of its own, so that one can be passed on without the others', () => {
    const head = { modelName: 'm', modelVersion: '1', id: undefined, parameters: {} };
    const output = (value: number): Tensor => ({ dtype: 'uint8', dims: [8], data: new Uint8Array(8).fill(value) });
    const body = encodeInferResponse(
      head,
      new Map([
        ['a', output(1)],
        ['b', output(2)],
      ]),
      () => true,
    );
    const { outputs } = decodeInferResponse(joined(body), lengthOf(body));
    expect([...outputs.values()].map(({ data }) => data.buffer.byteLength)).toEqual([8, 8]);
  });

  it('refuses every truncated body with a protocol error', () => {
    fc.assert(
      fc.property(tensors, fc.nat(), (inputs, cut) => {
        const body = encodeInferRequest(inputs, []);
        const whole = joined(body);
        expect(() => decodeInferRequest(whole.subarray(0, cut % whole.length), lengthOf(body))).toThrow(
          expect.objectContaining({ code: 'infer.protocol' }),
        );
      }),
    );
  });

  it('never fails on garbled bytes with anything but a protocol error', () => {
    fc.assert(
      fc.property(
        tensors,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        fc.nat(4000),
        (inputs, changes, shift) => {
          const body = encodeInferRequest(inputs, []);
          const garbled = joined(body);
          for (const [at, value] of changes) garbled[at % garbled.length] = value;
          for (const length of [lengthOf(body), undefined, String(shift), '-1', '1e3', 'abc', '', '99999999999999']) {
            try {
              decodeInferRequest(garbled, length);
            } catch (error) {
              expect(error).toBeInstanceOf(EdgeError);
              expect(error).toMatchObject({ code: 'infer.protocol' });
            }
          }
        },
      ),
    );
  });

  const request = (json: unknown, binary = new Uint8Array()) => {
    const head = Buffer.from(JSON.stringify(json));
    return () => decodeInferRequest(Buffer.concat([head, binary]), String(head.length));
  };
  const input = { name: 'x', datatype: 'UINT8', shape: [2] };

  it.each<[string, () => unknown, RegExp]>([
    [
      'a size that is not the shape',
      request({ inputs: [{ ...input, parameters: { binary_data_size: 3 } }] }, new Uint8Array(3)),
      /binary_data_size 3, \[2\] UINT8 needs 2/,
    ],
    [
      'bytes left over',
      request({ inputs: [{ ...input, parameters: { binary_data_size: 2 } }] }, new Uint8Array(3)),
      /1 bytes follow the last tensor/,
    ],
    [
      'a shape beyond all memory',
      request({ inputs: [{ ...input, shape: Array(8).fill(2 ** 31), parameters: { binary_data_size: 1 } }] }),
      /binary_data_size 1/,
    ],
    ['a tensor without values', request({ inputs: [input] }), /neither binary_data_size nor data/],
    [
      'a tensor twice',
      request({
        inputs: [
          { ...input, data: [1, 2] },
          { ...input, data: [1, 2] },
        ],
      }),
      /appears twice/,
    ],
    [
      'a type that is not supported',
      request({ inputs: [{ ...input, datatype: 'BYTES', data: ['a'] }] }),
      /type BYTES; supported are/,
    ],
    ['text in the place of numbers', request({ inputs: [{ ...input, data: ['1', '2'] }] }), /not of its type/],
    ['fractions in the place of whole numbers', request({ inputs: [{ ...input, data: [0.5, 1] }] }), /not of its type/],
    ['too few values', request({ inputs: [{ ...input, data: [1] }] }), /has 1 values, \[2\] needs 2/],
    ['no inputs', request({ inputs: [] }), /inputs/],
  ])('refuses %s', (_, decode, message) => {
    expect(decode).toThrow(message);
  });

  it('reads nested JSON tensors, as other clients send them', () => {
    const body = Buffer.from(
      JSON.stringify({
        inputs: [
          {
            name: 'x',
            datatype: 'FP32',
            shape: [2, 2],
            data: [
              [1, 2.5],
              [3, 4],
            ],
          },
        ],
      }),
    );
    const { inputs, outputs, binary } = decodeInferRequest(body, undefined);
    expect(inputs.get('x')?.data).toEqual(Float32Array.from([1, 2.5, 3, 4]));
    expect(outputs).toBeUndefined();
    expect(binary('y')).toBe(false);
  });

  it('announces the JSON length only when bytes follow', () => {
    const head = { modelName: 'm', modelVersion: '1', id: undefined, parameters: {} };
    const outputs = new Map<string, Tensor>([['y', { dtype: 'uint8', dims: [1], data: new Uint8Array(1) }]]);
    expect(bodyHeaders(encodeInferResponse(head, outputs, () => false))).not.toHaveProperty(headerLengthField);
    expect(bodyHeaders(encodeInferResponse(head, outputs, () => true))).toHaveProperty(headerLengthField);
  });
});
