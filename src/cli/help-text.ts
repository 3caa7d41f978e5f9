import pc from 'picocolors';
import { table, valueText } from './format.ts';
import type { ConfigKey } from '../config/keys.ts';
import type { Description } from './protocol.ts';

/** What an experiment offers: its commands, its config keys, the sweep it declares. */
export function experimentHelp({
  name,
  description,
  keys,
  commands,
  sweep,
  repeats,
  configs,
  derived,
}: Description): string {
  const parts = [`${pc.bold(name)}${description === undefined ? '' : `  ${description}`}`];
  if (commands.length > 1) parts.push(`${pc.bold('Commands')}\n${indent(commands.join('\n'))}`);
  const rows = keys.map((key) => [
    key.path,
    key.type,
    defaultText(key, derived.includes(key.path)),
    key.description ?? '',
  ]);
  if (!keys.some((key) => key.path === 'seed'))
    rows.push(['seed', 'integer >= 0', 'random', 'root seed']);
  parts.push(
    `${pc.bold('Config')}\n${indent(table(['key', 'type', 'default', 'description'], rows))}`,
  );
  if (configs.length > 0) {
    parts.push(`${pc.bold('Named configs')} (with=name)\n${indent(configs.join('\n'))}`);
  }
  const axes = Object.entries(sweep);
  if (axes.length > 0) {
    const lines = axes.map(([key, values]) => `${key}=${values.map(valueText).join(',')}`);
    const times = repeats === 1 ? '' : ` (${repeats} repeats of each variant)`;
    parts.push(`${pc.bold('Sweep')}${times}\n${indent(lines.join('\n'))}`);
  }
  return `${parts.join('\n\n')}\n`;
}

function defaultText(key: ConfigKey, isDerived: boolean): string {
  if (isDerived) return 'derived';
  if (key.required) return pc.yellow('required');
  return key.default === undefined ? '' : valueText(key.default);
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
