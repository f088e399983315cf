// The gateway bundled to one file: it starts in the time that Node itself takes, and a change of its sources in between is not seen.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const root = join(import.meta.dirname, '../..');
const app = join(root, 'apps/ward-monitoring');

export interface GatewayProgram {
  readonly file: string;
  remove(): void;
}

/** Packages of others are not bundled, so it lies where they are found. */
export async function bundleGateway(): Promise<GatewayProgram> {
  const out = join(root, 'e2e/out');
  mkdirSync(out, { recursive: true });
  const folder = mkdtempSync(join(out, 'ward-gateway-'));
  const conditions = ['@edge-blueprints/source', 'node'];
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    resolve: { conditions },
    ssr: { noExternal: [/^@edge-blueprints\//], resolve: { conditions } },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      target: 'es2022',
      rollupOptions: {
        // The queue of the FHIR server and the model run in threads, by the names of their files.
        input: {
          gateway: join(app, 'src/main.ts'),
          'delivery-worker': join(root, 'libs/telemetry/src/lib/delivery-queue/delivery-worker.ts'),
          'session-worker': join(root, 'libs/inference/src/lib/onnxruntime/session-worker.ts'),
        },
        output: { entryFileNames: 'bin/[name].js', chunkFileNames: 'bin/[name].js', format: 'es' },
      },
    },
  });
  copyFileSync(join(app, 'package.json'), join(folder, 'package.json'));
  return { file: join(folder, 'bin/gateway.js'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
