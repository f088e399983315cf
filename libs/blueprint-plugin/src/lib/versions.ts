/** The one place that says which third-party versions a generated workspace asks for; a spec holds it against our own lock file. */
export const starterVersions = {
  nx: '23.2.1',
  typescript: '6.0.3',
  '@types/node': '20.19.43',
} as const;

export const nodeRange = '>=20.19';

/** Of everything generated at first. */
export const starterVersion = '0.1.0';

/** Install scripts stay off: what they would fetch is not needed on a processor. npm before 11.19 reads .npmrc instead. */
export const allowScripts = { nx: false, 'onnxruntime-node': false, '@serialport/bindings-cpp': false } as const;
