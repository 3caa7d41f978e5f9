import { relative } from 'node:path';
import type { Layer, Origin } from '../core/run-spec.ts';

const WORDS: Readonly<Record<Exclude<Layer, 'function'>, string>> = {
  default: 'default',
  derived: 'derived',
  hook: 'hook',
  run: 'run',
  file: 'file',
  named: 'named config',
  variant: 'variant',
  api: 'code',
  override: 'override',
  seed: '',
};

/** An origin for people: `override lr=0.1`, `named config big, main.ts:12`, `file base.yaml:3`. */
export function originText({ layer, name, text, file, line }: Origin): string {
  const place =
    file === undefined ? '' : `${relative('', file)}${line === undefined ? '' : `:${line}`}`;
  const what =
    layer === 'function'
      ? `default of ${name}(${text})`
      : [WORDS[layer], name, text].filter(Boolean).join(' ');
  return place === ''
    ? what
    : `${what}${layer === 'file' && text === undefined ? ' ' : ', '}${place}`;
}
