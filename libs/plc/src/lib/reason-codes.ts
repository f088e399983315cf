/** Values of REASON_CODE. The groups leave room: 1 to 9 parts, 10s engine, 20s frame, 30s station, 40s handshake. */
export const reasonCodes = {
  none: 0,
  defect: 1,
  'inference-deadline': 10,
  'inference-failed': 11,
  'model-output-invalid': 12,
  'model-not-ready': 13,
  'frame-missing': 20,
  'frame-frozen': 21,
  'frame-black': 22,
  'frame-invalid': 23,
  'frame-superseded': 24,
  'template-missing': 25,
  'registration-failed': 26,
  'part-mismatch': 27,
  'light-fault': 30,
  'store-full': 31,
  'golden-due': 32,
  'golden-failed': 33,
  'recipe-mismatch': 34,
  'station-offline': 35,
  'missed-trigger': 40,
  'result-overrun': 41,
  'inspection-timeout': 42,
  'link-lost': 43,
  'part-sequence-reused': 44,
  unexpected: 99,
} as const;

export type ReasonName = keyof typeof reasonCodes;

/** What an error code of an abstained decision (`infer.deadline`, `frame.black`) becomes in the register. */
export function reasonCodeOf(errorCode: string): number {
  if (errorCode === '') return reasonCodes.none;
  if (isReasonName(errorCode)) return reasonCodes[errorCode];
  const exact = byErrorCode[errorCode];
  if (exact !== undefined) return reasonCodes[exact];
  const area = byArea[errorCode.split('.')[0] ?? ''];
  return reasonCodes[area ?? 'unexpected'];
}

/** Name of a register value; `unknown-57` for a value that this version does not define. */
export function reasonNameOf(code: number): string {
  return Object.entries(reasonCodes).find(([, value]) => value === code)?.[0] ?? `unknown-${code}`;
}

const byErrorCode: Readonly<Record<string, ReasonName>> = {
  'infer.deadline': 'inference-deadline',
  'infer.model-invalid': 'model-not-ready',
  'infer.model-mismatch': 'model-not-ready',
  'infer.provider-missing': 'model-not-ready',
  'frame.missing': 'frame-missing',
  'frame.frozen': 'frame-frozen',
  'frame.black': 'frame-black',
  'frame.superseded': 'frame-superseded',
  'recipe.mismatch': 'recipe-mismatch',
  'light.fault': 'light-fault',
};

const byArea: Readonly<Record<string, ReasonName>> = {
  infer: 'inference-failed',
  bundle: 'model-not-ready',
  postprocess: 'model-output-invalid',
  decode: 'model-output-invalid',
  vision: 'model-output-invalid',
  join: 'part-mismatch',
  frame: 'frame-invalid',
  camera: 'frame-missing',
  preprocess: 'frame-invalid',
  template: 'template-missing',
  registration: 'registration-failed',
  store: 'store-full',
  trace: 'store-full',
  light: 'light-fault',
  recipe: 'recipe-mismatch',
  golden: 'golden-failed',
};

function isReasonName(name: string): name is ReasonName {
  return Object.hasOwn(reasonCodes, name);
}
