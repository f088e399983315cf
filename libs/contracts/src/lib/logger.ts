export type LogFields = Readonly<Record<string, unknown>>;

/** Event names are dotted and lower case, the stage first (`infer.deadline`); details go into the fields. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  child(fields: LogFields): Logger;
}

const levels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof levels)[number];

/** Writes one JSON object a line. Pixels and payloads must not be passed as fields. */
export function createJsonLogger(options: {
  readonly write: (line: string) => void;
  readonly now: () => number;
  readonly level?: LogLevel;
  readonly fields?: LogFields;
}): Logger {
  const floor = levels.indexOf(options.level ?? 'info');
  const log = (level: LogLevel) => (event: string, fields?: LogFields) => {
    if (levels.indexOf(level) < floor) return;
    const at = new Date(options.now()).toISOString();
    options.write(`${JSON.stringify({ at, level, event, ...options.fields, ...fields })}\n`);
  };
  return {
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    child: (fields) => createJsonLogger({ ...options, fields: { ...options.fields, ...fields } }),
  };
}

export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};
