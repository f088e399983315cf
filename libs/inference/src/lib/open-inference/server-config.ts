import { isIP } from 'node:net';
import { ConfigError, parseConfig, type LoadedModel } from '@edge-blueprints/contracts';
import { z } from 'zod';

export const openInferenceServerConfigSchema = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .meta({ description: 'Address to listen on; any other than loopback needs a token.' }),
  port: z.int().min(0).max(65535).default(8500).meta({ description: 'TCP port; 0 takes a free one.' }),
  maxBodyBytes: z
    .int()
    .min(1024)
    .max(1 << 30)
    .default(16 << 20)
    .meta({ description: 'Longest request body; a longer one is refused with 413.' }),
  maxInFlight: z
    .int()
    .min(1)
    .max(256)
    .default(8)
    .meta({ description: 'Inference requests under way, reading included; more are refused with 429.' }),
  maxConnections: z
    .int()
    .min(1)
    .max(10_000)
    .default(64)
    .meta({ description: 'Open connections; more are closed at once.' }),
  requestTimeoutMs: z
    .int()
    .min(10)
    .max(600_000)
    .default(10_000)
    .meta({ description: 'Limit for receiving and computing one request.' }),
});
export type OpenInferenceServerConfig = z.infer<typeof openInferenceServerConfigSchema>;
export type OpenInferenceServerConfigInput = z.input<typeof openInferenceServerConfigSchema>;

/** The one model that a server offers: what the engine loaded, under the name and version of its bundle. */
export interface ServedModel {
  readonly name: string;
  readonly version: string;
  readonly loaded: LoadedModel;
}

/**
 * @throws ConfigError `config.invalid`
 * @throws ConfigError `infer.server-open` for an address beyond loopback without a token
 */
export function serverConfig(
  input: OpenInferenceServerConfigInput,
  token: string | undefined,
): OpenInferenceServerConfig {
  const config = parseConfig(openInferenceServerConfigSchema, input, 'the Open Inference Protocol server');
  if (token !== undefined && token.length < 16) {
    throw new ConfigError('infer.server-open', 'The token of the inference server must have at least 16 characters.');
  }
  if (token === undefined && !isLoopback(config.host)) {
    throw new ConfigError(
      'infer.server-open',
      `The inference server would listen on ${config.host} for everybody. Give a token, or listen on 127.0.0.1.`,
    );
  }
  return config;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
