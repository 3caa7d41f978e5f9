import pc from 'picocolors';
import type { ConfigKey } from '../config/keys.ts';
import type { Description, DescribedConfig } from '../experiment/describe.ts';
import type { SinkAuthority } from '../run/sinks.ts';
import type { Swept } from '../core/swept.ts';
import { isInterval } from '../sweep/sample.ts';
import { intervalText } from '../sweep/interval.ts';
import { valuesText, valueText } from './format.ts';
import { keyTable, type KeyRow } from './key-table.ts';

/** How values are set; the quotes are for the shell. */
const GRAMMAR = `\
lr=0.1 net.width=64 'layers[0]=3'   a key, a key of a section, a list item
'layers=[64,32]' 'net={"width":8}'  a whole list; an object, which is merged
'net:={"width":8}' '~lr'            replace an object; back to the default
+weights.cat=2                      add a key where the section is open
prompt=@prompt.txt 'note="a, b"'    read from a file; text with a comma
with=big,small.yaml                 named configs and config files, in order`;

/** How values are swept. */
const AXES = `\
lr=0.1,0.2 'n=range(0,10,2)'        values; 0, 2, 4, 6, 8
'lr=sort(3,1,2)' 'n=shuffle(1,2)'   in order; in one that the seed decides
'activation=glob(re*)'              values of an enum; glob(*,exclude=tanh)
'lr=tag(log,interval(1e-4,1))'      random points, as many as --samples says`;

/**
 * What an experiment offers: its commands, its config keys, named configs, the sweep it declares.
 * @param columns of the terminal; without one nothing is cut.
 */
export function experimentHelp(experiment: Description, columns?: number): string {
  const { name, description, commands, configs, hooks, sweep, samples, repeats } = experiment;
  const room = columns === undefined ? undefined : columns - 2;
  const parts = [`${pc.bold(name)}${description === undefined ? '' : `  ${description}`}`];
  if (commands.length > 1) parts.push(block('Commands', commands.join('\n')));
  const rows = configRows(experiment);
  parts.push(block('Config', keyTable(['key', 'type', 'default'], rows, room)));
  if (configs.length > 0) {
    const lines = keyTable(['name', 'sets'], configs.map(configRow), room).split('\n');
    parts.push(block('Named configs', lines.slice(1).join('\n'), 'with=name'));
  }
  if (hooks.length > 0) {
    parts.push(block('Hooks', hooks.join('\n'), 'set values in view of the others'));
  }
  if (sweep.swept.length > 0) {
    const times = repeats === 1 ? [] : [`${repeats} repeats of each variant`];
    const points = samples === undefined ? [] : [`${samples} random points`];
    const lines = [
      ...sweep.swept.map(sweptText),
      ...sweep.exclude.map((one) => `without ${valuesText(one)}`),
    ];
    parts.push(block('Sweep', lines.join('\n'), [...points, ...times].join(', ')));
  }
  parts.push(sinksBlock(experiment));
  parts.push(block('Set values', GRAMMAR), block('Sweep over values', AXES, '--sweep'));
  return `${parts.join('\n\n')}\n`;
}

/** The values of swept keys as the command line spells them; keys that vary together on one line. */
function sweptText(swept: Swept): string {
  if (isInterval(swept)) return `${swept.key}=${intervalText(swept)}`;
  const column = (i: number): string => swept.rows.map((row) => valueText(row[i])).join(',');
  return swept.keys.map((key, i) => `${key}=${column(i)}`).join(' with ');
}

const CHOSEN_BY: Readonly<Record<SinkAuthority, string>> = {
  flag: 'as --sinks says',
  environment: 'as EXP_SINKS says',
  code: 'as the code says',
  project: 'as the project file says',
  default: 'unless you say otherwise',
};

function sinksBlock({ sinks, otherSinks }: Description): string {
  const { names, by } = sinks;
  const lines = [names.length === 0 ? 'none' : names.join(', ')];
  if (otherSinks.length > 0) lines.push(pc.dim(`not used: ${otherSinks.join(', ')}`));
  return block('Sinks', lines.join('\n'), CHOSEN_BY[by]);
}

/** The keys in the order of the schema, those of a section below its name. */
function configRows({ keys, sections, isOpen, derived, ofFunctions }: Description): KeyRow[] {
  const opened = new Set<string>();
  const rows = keys.flatMap((key) => {
    const around = sections.filter(
      ({ path }) => key.path.startsWith(`${path}.`) && !opened.has(path),
    );
    const headings = around.map(({ path, description, isOpen: takesMore }): KeyRow => {
      opened.add(path);
      const open = takesMore ? 'open: +key=value adds keys' : undefined;
      const text = [description, open].filter((part) => part !== undefined).join('; ');
      const title = `${'  '.repeat(depth(path))}${pc.bold(path)}`;
      return { cells: [title], ...(text !== '' && { description: text }) };
    });
    const nested = sections.filter(({ path }) => key.path.startsWith(`${path}.`)).length;
    return [...headings, configKeyRow(key, nested, defaultText(key, { derived, ofFunctions }))];
  });
  const own = keys.some(({ path }) => path === 'seed');
  const seed: KeyRow = { cells: ['seed', 'integer >= 0', 'random'], description: 'root seed' };
  const open: KeyRow = { cells: ['+key', 'any', ''], description: 'the config takes further keys' };
  return [...rows, ...(own ? [] : [seed]), ...(isOpen ? [open] : [])];
}

function configKeyRow(key: ConfigKey, nested: number, byDefault: string): KeyRow {
  const { path, type, description, only } = key;
  const condition = only === undefined ? undefined : `with ${only}`;
  const text = [description, condition].filter((part) => part !== undefined).join('; ');
  return {
    cells: [`${'  '.repeat(nested)}${path}`, type, byDefault],
    ...(text !== '' && { description: text }),
  };
}

function depth(path: string): number {
  return path.split('.').length - 1;
}

function configRow({ name, extends: bases, sets }: DescribedConfig): KeyRow {
  if (sets === undefined) return { cells: [name, 'depends on the config'] };
  const extending = bases.length === 0 ? [] : [`extends ${bases.join(', ')}`];
  const values = sets.map(({ key, value }) =>
    value === undefined ? key : `${key}=${valueText(value)}`,
  );
  return { cells: [name, [...extending, ...values].join('  ')] };
}

function defaultText(
  { path, default: byDefault, required }: ConfigKey,
  { derived, ofFunctions }: Pick<Description, 'derived' | 'ofFunctions'>,
): string {
  if (Object.hasOwn(derived, path)) {
    const value = derived[path];
    return value === null || value === undefined ? 'derived' : `${valueText(value)}, derived`;
  }
  if (required) return pc.yellow('required');
  if (byDefault !== undefined) return valueText(byDefault);
  return Object.hasOwn(ofFunctions, path) ? ofFunctions[path]! : '';
}

function block(title: string, body: string, remark = ''): string {
  const head = remark === '' ? pc.bold(title) : `${pc.bold(title)}  ${pc.dim(remark)}`;
  return `${head}\n${body.replace(/^/gm, '  ')}`;
}
