import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a worker thread whose module lies beside the caller. The same call works from built JavaScript and, in
 * development and tests, from TypeScript: Node does not apply `--import` to a worker's entry, so the loader is
 * registered inside the worker first.
 * @param caller `import.meta.url` of the calling module
 * @param module path of the worker module relative to the caller, without extension (`./store-worker`)
 */
export function startWorker(caller: string, module: string, options: WorkerOptions = {}): Worker {
  if (!caller.endsWith('.ts')) return new Worker(new URL(`${module}.js`, caller), options);
  const entry = new URL(`${module}.ts`, caller).href;
  const loader = pathToFileURL(createRequire(caller).resolve('tsx/package.json'));
  const api = new URL('./dist/esm/api/index.mjs', loader).href;
  const start = `import(${JSON.stringify(api)}).then(({ register }) => { register(); return import(${JSON.stringify(entry)}); })`;
  return new Worker(start, { ...options, eval: true, execArgv: ['--conditions=@edge-blueprints/source'] });
}
