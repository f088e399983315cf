import { readFileSync } from 'node:fs';
import { ConfigError, errorMessage } from '@edge-blueprints/contracts';
import type { AlertOutput } from './alert-message.js';
import type { AlertOutputConfig } from './alerts-config.js';
import { createEmailOutput } from './outputs/email.js';
import { createSyslogOutput } from './outputs/syslog.js';
import { createWebhookOutput } from './outputs/webhook.js';

export interface OutputDeps {
  /** Of the environment. */
  readonly variable: (name: string) => string | undefined;
  readonly hostname: string;
  readonly processId: number;
  readonly epochMs: () => number;
}

/** @throws ConfigError `alerts.outputs-unusable` with all problems at once */
export function openAlertOutputs(configs: readonly AlertOutputConfig[], deps: OutputDeps): readonly AlertOutput[] {
  const problems: string[] = [];
  const secret = (name: string, variable: string | null): string | undefined => {
    const value = variable === null ? undefined : deps.variable(variable);
    if (variable !== null && (value === undefined || value === ''))
      problems.push(`output ${name} takes its secret from ${variable}, which is not set`);
    return value;
  };
  const ca = (name: string, file: string | null): string | undefined => {
    try {
      return file === null ? undefined : readFileSync(file, 'utf8');
    } catch (error) {
      problems.push(`output ${name} names a caFile that cannot be read: ${errorMessage(error)}`);
      return undefined;
    }
  };
  const outputs = configs.map((config): AlertOutput => {
    switch (config.kind) {
      case 'webhook':
        return createWebhookOutput(config, { secret: secret(config.name, config.secretEnv), epochMs: deps.epochMs });
      case 'email':
        return createEmailOutput(config, {
          password: secret(config.name, config.passwordEnv),
          ca: ca(config.name, config.caFile),
        });
      case 'syslog':
        return createSyslogOutput(config, { ...deps, ca: ca(config.name, config.caFile) });
      default:
        return config satisfies never;
    }
  });
  if (problems.length > 0)
    throw new ConfigError('alerts.outputs-unusable', `Alert outputs cannot be opened: ${problems.join('; ')}`);
  return outputs;
}
