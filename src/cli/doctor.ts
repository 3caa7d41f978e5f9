import { relative } from 'node:path';
import pc from 'picocolors';
import { messageOf } from '../core/errors.ts';
import { jsonText } from '../core/json.ts';
import { terminalColumns } from '../core/terminal.ts';
import { VERSION } from '../core/version.ts';
import { findProject } from '../project/find-project.ts';
import type { DoctorPlace, Finding, Probe } from './doctor-finding.ts';
import { cores, cpuTime, disk, gpus, memory } from './doctor-machine.ts';
import { loader, node, tfjs, tfjsNative, zod } from './doctor-packages.ts';
import { git, slurm, taskset, tensorboard } from './doctor-programs.ts';
import { runRoot } from './project.ts';

/** The flags of `run-exp doctor`. */
export interface DoctorFlags {
  readonly root?: string;
  readonly json?: boolean;
}

/** What is looked at, in the order in which it is shown. */
const PROBES: Readonly<Record<string, readonly Probe[]>> = {
  'This machine': [cores, cpuTime, memory, gpus, disk],
  JavaScript: [node, loader, zod, tfjs, tfjsNative],
  Programs: [git, taskset, tensorboard, slurm],
};

/** Findings about things that belong together. */
interface Section {
  readonly title: string;
  readonly findings: readonly Finding[];
}

/** Says what this machine offers, what each missing part costs and how to get it; changes nothing. */
export async function doctor({ root, json = false }: DoctorFlags): Promise<void> {
  const { dir } = findProject(process.cwd());
  const place = { dir, root: await runRoot(root) };
  const sections = await Promise.all(
    Object.entries(PROBES).map(async ([title, probes]): Promise<Section> => {
      return { title, findings: await Promise.all(probes.map((probe) => ask(probe, place))) };
    }),
  );
  if (json) {
    const findings = sections.flatMap((section) => section.findings);
    process.stdout.write(jsonText({ version: VERSION, root: place.root, findings }));
    return;
  }
  const columns = terminalColumns(process.stdout);
  process.stdout.write(doctorText(sections, relative('', place.root) || '.', columns));
}

async function ask(probe: Probe, place: DoctorPlace): Promise<Finding> {
  try {
    return await probe(place);
  } catch (error) {
    return { name: probe.name, status: 'missing', found: messageOf(error) };
  }
}

const MARKS = { ok: pc.green('✓'), note: pc.yellow('–'), missing: pc.red('✗') } as const;

/** Columns for what was found, however narrow the terminal is. */
const LEAST_ROOM = 16;

/** What was found, a line each; below it what it costs that something is missing, and what to do. */
export function doctorText(sections: readonly Section[], root: string, columns = 80): string {
  const all = sections.flatMap(({ findings }) => findings);
  const width = Math.max(...all.map(({ name }) => name.length));
  const indent = ' '.repeat(width + 6);
  const room = Math.max(LEAST_ROOM, columns - indent.length);
  const findingText = ({ name, status, found, cost, remedy }: Finding): string => {
    const [first, ...more] = wrapped(found, room);
    const below = [
      ...more.map((line) => `${indent}${line}`),
      ...(cost === undefined ? [] : wrapped(cost, room).map((line) => `${indent}${pc.dim(line)}`)),
      ...wrapped(remedy ?? '', room - 2).map((line, i) => {
        return `${indent}${pc.cyan(`${i === 0 ? '→' : ' '} ${line}`)}`;
      }),
    ];
    return [`  ${MARKS[status]} ${name.padEnd(width)}  ${first ?? ''}`, ...below].join('\n');
  };
  const missing = all.filter(({ status }) => status === 'missing').length;
  const verdict =
    missing === 0 ? pc.green('Nothing is missing.') : pc.yellow(`Missing: ${missing}, marked ✗.`);
  return [
    `${pc.bold(`exptools ${VERSION}`)}  ${pc.dim(`runs are kept in ${root}`)}`,
    ...sections.flatMap(({ title, findings }) => [
      '',
      pc.bold(title),
      ...findings.map(findingText),
    ]),
    '',
    verdict,
    '',
  ].join('\n');
}

/** The words of a text in lines of at most so many columns; nothing for no text. */
function wrapped(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter((one) => one !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}
