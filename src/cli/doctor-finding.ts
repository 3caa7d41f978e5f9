import { askProgram } from '../provenance/ask-program.ts';

/** What `run-exp doctor` has found out about one thing. */
export interface Finding {
  readonly name: string;
  /** `note` is for what is there, or is not needed, and is worth a word. */
  readonly status: 'ok' | 'note' | 'missing';
  /** What was found: a version, a size, or why there is nothing. */
  readonly found: string;
  /** What it costs that it is so. */
  readonly cost?: string;
  /** How to get it. */
  readonly remedy?: string;
}

/** Where a question is asked from. */
export interface DoctorPlace {
  /** The directory of the project. */
  readonly dir: string;
  /** Where runs are kept. */
  readonly root: string;
}

/** Looks at one thing; starts nothing that takes longer than seconds. */
export type Probe = (place: DoctorPlace) => Finding | Promise<Finding>;

const TIMEOUT_MS = 5_000;

/** A program that is worth having. */
export interface KnownProgram {
  readonly name: string;
  readonly program: string;
  readonly args?: readonly string[];
  /** What it costs not to have it, and how to get it. */
  readonly cost: string;
  readonly remedy: string;
  /** What to call it where it is not there: things that few need are no more than a note. */
  readonly absent?: 'missing' | 'note';
}

/** A probe that asks a program for its version. */
export function programProbe(known: KnownProgram): Probe {
  const { name, program, args = ['--version'], cost, remedy, absent = 'missing' } = known;
  return async () => {
    const answer = await askProgram(program, args, TIMEOUT_MS);
    if (answer.kind === 'ok') return { name, status: 'ok', found: versionIn(answer.text) };
    if (answer.kind === 'slow') {
      return { name, status: 'ok', found: 'there, but takes seconds to tell its version' };
    }
    const found =
      answer.kind === 'absent'
        ? `there is no "${program}" on the PATH`
        : `"${[program, ...args].join(' ')}" fails: ${firstLine(answer.text)}`;
    return { name, status: answer.kind === 'absent' ? absent : 'missing', found, cost, remedy };
  };
}

/** `2.38.1` of `taskset from util-linux 2.38.1`; without a number, the first line. */
export function versionIn(text: string): string {
  return /\d+(\.\d+)+\S*/.exec(text)?.[0] ?? firstLine(text);
}

/** The first line of a text. */
export function firstLine(text: string): string {
  return text.split('\n', 1)[0]!;
}
