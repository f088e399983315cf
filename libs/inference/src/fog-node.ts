import { parseArgs } from 'node:util';
import { createJsonLogger, errorCode, errorMessage, systemClock } from '@edge-blueprints/contracts';
import { closeInReverse } from '@edge-blueprints/pipeline';
import { readTrustedKeys } from './lib/bundle/bundle-signature.js';
import { loadBundle } from './lib/bundle/load-bundle.js';
import { verifyGolden } from './lib/bundle/verify-golden.js';
import { createOnnxEngine } from './lib/onnxruntime/onnx-engine.js';
import { serverConfig } from './lib/open-inference/server-config.js';
import { createOpenInferenceServer } from './lib/open-inference/open-inference-server.js';

const help = `Fog node: offers a signed model bundle over the Open Inference Protocol (KServe V2, HTTP, binary tensors).

  --bundle FOLDER        bundle to serve (models/bundles/pcb-defects)
  --trusted-keys FILE    public keys whose bundles are accepted (models/bundles/trusted-keys.json)
  --variant ID           variant of the bundle; its first one when left out
  --host ADDRESS         127.0.0.1; any other address needs EDGE_FOG_TOKEN in the environment (16 characters or more)
  --port N               8500; 0 takes a free port
  --cache FOLDER         where thread settings and optimised models are remembered; nothing is kept when left out
  --supervised           stop when standard input ends

Writes {"event":"ready",...} to standard output when it serves, logs to standard error. Stops on Ctrl-C with exit code 0.
`;

const read = (args: string[]) =>
  parseArgs({
    args,
    options: {
      bundle: { type: 'string', default: 'models/bundles/pcb-defects' },
      'trusted-keys': { type: 'string', default: 'models/bundles/trusted-keys.json' },
      variant: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '8500' },
      cache: { type: 'string' },
      supervised: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  }).values;
const logger = createJsonLogger({
  write: (line) => process.stderr.write(line),
  now: Date.now,
  fields: { part: 'fog-node' },
});

async function run(values: ReturnType<typeof read>): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    if (values.supervised === true) process.stdin.once('end', resolve).resume();
  });
  const token = process.env['EDGE_FOG_TOKEN'];
  const listen = serverConfig(
    { host: values.host, port: /^\d{1,5}$/.test(values.port) ? Number(values.port) : NaN },
    token,
  );
  const bundle = await loadBundle(values.bundle, { trustedKeys: await readTrustedKeys(values['trusted-keys']) });
  const variant = values.variant ?? bundle.manifest.variants[0]?.id ?? '';
  const engine = createOnnxEngine({}, { logger, ...(values.cache === undefined ? {} : { cacheFolder: values.cache }) });
  const closers = [() => engine.dispose()];
  try {
    const loaded = await engine.load(bundle.variant(variant));
    await engine.warmUp(3);
    await verifyGolden(engine, bundle, variant);
    const { name, version } = bundle.manifest;
    const server = createOpenInferenceServer(engine, listen, {
      model: { name, version, loaded },
      clock: systemClock,
      logger,
      ...(token === undefined ? {} : { token }),
    });
    closers.push(() => server.close());
    const { port, url } = await server.listen();
    process.stdout.write(
      `${JSON.stringify({ event: 'ready', part: 'fog-node', ports: { http: port }, url, model: name, version, variant })}\n`,
    );
    await stopped;
    logger.info('infer.server.stopped', { ...server.stats() });
  } finally {
    await closeInReverse(closers);
  }
}

async function main(): Promise<void> {
  const values = read(process.argv.slice(2));
  if (values.help === true) process.stdout.write(help);
  else await run(values);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    logger.error('infer.server.failed', { code: errorCode(error), message: errorMessage(error) });
    process.exit(1);
  },
);
