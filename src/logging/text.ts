import { format } from 'node:util';
import pc from 'picocolors';
import { processState } from '../core/process-state.ts';
import type { TextLevel } from '../core/record.ts';

const COLORS: Record<TextLevel, (text: string) => string> = {
  debug: pc.dim,
  info: (text) => text,
  warn: pc.yellow,
  error: pc.red,
};

/**
 * Writes one line of text to stderr: local time, level, message. Text never waits in a buffer and
 * never enters a metric.
 */
export function writeText(level: TextLevel, name: string, values: readonly unknown[]): void {
  const time = new Date().toLocaleTimeString('sv-SE');
  const source = name === '' ? '' : `[${name}] `;
  const line = `${level.padEnd(5)} ${source}${format(...values)}`;
  process.stderr.write(`${pc.dim(time)} ${COLORS[level](line)}\n`);
}

const said = processState('warned', () => new Set<string>());

/** Warns on stderr; the same words are said once a process. */
export function warnOnce(message: string): void {
  if (said.has(message)) return;
  said.add(message);
  writeText('warn', '', [message]);
}
