import pc from 'picocolors';
import type { Slot } from '../core/launcher.ts';
import { cpuListText } from '../provenance/cpus.ts';
import type { Gpu } from '../provenance/gpus.ts';
import type { Machine } from '../slots/machine.ts';
import { counted, table } from './format.ts';

type Core = Machine['cores'][number];

/**
 * A machine with the slots that runs get: a box for each socket in which each core carries the number
 * of its slot, a line for each GPU, and a table of the slots.
 * @param options.left what others have left of the machine. Default: all of it.
 * @param options.columns of the terminal. Default: 80.
 */
export function slotsPicture(
  machine: Machine,
  slots: readonly Slot[],
  {
    left = machine,
    columns = 80,
  }: { readonly left?: Machine; readonly columns?: number | undefined } = {},
): string {
  const { cores, gpus = [] } = machine;
  const sockets = [...new Set(cores.map(({ socket }) => socket))];
  const width = String(Math.max(0, slots.length - 1)).length;
  const boxes = sockets.map((socket) => {
    const inside = cores.filter((core) => core.socket === socket);
    const cells = inside.map((core) => coreCell(core, { slots, left, width }));
    return socketBox(socket, inside, inRows(cells, width + 2, columns - 4));
  });
  const lines = gpus.map((gpu, index) => {
    const isTaken = left.gpus?.some(({ id }) => id === gpu.id) !== true;
    return gpuLine(gpu, index, { machine, slots, columns, isTaken });
  });
  const parts = [
    headline(machine),
    boxes.join('\n'),
    legend(machine, left, slots),
    lines.join('\n'),
  ];
  if (slots.length > 0) parts.push(slotTable(machine, slots));
  return parts.filter((part) => part !== '').join('\n\n');
}

function headline({ cores, quota, gpus = [] }: Machine): string {
  const sockets = new Set(cores.map(({ socket }) => socket)).size;
  const cpus = cores.flatMap((core) => core.cpus).length;
  const allowed = cores.flatMap((core) => core.allowed).length;
  const parts = cores.length === 0 ? ['CPUs unknown'] : [
    counted(sockets, 'socket'),
    counted(cores.length, 'core'),
    counted(cpus, 'CPU') + (allowed < cpus ? ` (${allowed} for us)` : ''),
  ]; // prettier-ignore
  if (quota !== undefined) parts.push(`time for ${counted(Number(quota.toFixed(2)), 'CPU')}`);
  parts.push(gpus.length === 0 ? 'no GPU' : counted(gpus.length, 'GPU'));
  return pc.bold(parts.join(' · '));
}

function socketBox(
  socket: number,
  cores: readonly Core[],
  rows: readonly { text: string; width: number }[],
): string {
  const title = ` socket ${socket} `;
  const cpus = ` CPU ${cpuListText(cores.flatMap((core) => core.cpus).sort((a, b) => a - b))} `;
  const widest = Math.max(title.length + 2, ...rows.map(({ width }) => width + 2));
  // The CPUs are told where they have room.
  const foot = cpus.length < widest ? cpus : '';
  const line = (text: string): string => '─'.repeat(widest - text.length - 1);
  return [
    `${pc.dim('╭─')}${title}${pc.dim(`${line(title)}╮`)}`,
    ...rows.map(({ text, width }) => {
      return `${pc.dim('│')} ${text}${' '.repeat(widest - width - 1)}${pc.dim('│')}`;
    }),
    pc.dim(`╰─${foot}${line(foot)}╯`),
  ].join('\n');
}

/** Cells side by side, in rows of eight or a multiple of it where there is room. */
function inRows(cells: readonly string[], width: number, room: number) {
  const fitting = Math.max(1, Math.floor(room / width));
  const perRow = fitting >= 8 ? fitting - (fitting % 8) : fitting;
  return Array.from({ length: Math.ceil(cells.length / perRow) }, (_, row) => {
    const shown = cells.slice(row * perRow, (row + 1) * perRow);
    return { text: shown.join(''), width: shown.length * width };
  });
}

// Neighbours must differ; red is for what goes wrong.
const COLORS = [pc.bgCyan, pc.bgGreen, pc.bgYellow, pc.bgMagenta, pc.bgBlue, pc.bgWhite];

function slotCell(index: number, width: number): string {
  const color = COLORS[index % COLORS.length]!;
  return color(pc.black(` ${String(index).padStart(width)} `));
}

function coreCell(
  { cpus: all, allowed }: Core,
  { slots, left, width }: { slots: readonly Slot[]; left: Machine; width: number },
): string {
  const mark = (sign: string): string => pc.dim(` ${sign.padStart(width)} `);
  if (allowed.length === 0) return mark('×');
  if (isTaken(left, all[0]!)) return mark('■');
  const slot = slots.find(({ cpus }) => cpus.includes(allowed[0]!));
  return slot === undefined ? mark('·') : slotCell(slot.index, width);
}

/** True for a core that others have, by one of its CPUs. */
function isTaken(left: Machine, cpu: number): boolean {
  return left.cores.some(({ cpus, allowed }) => allowed.length === 0 && cpus.includes(cpu));
}

function legend({ cores }: Machine, left: Machine, slots: readonly Slot[]): string {
  if (cores.length === 0) return '';
  const used = new Set(slots.flatMap(({ cpus }) => cpus));
  const usable = cores.filter(({ allowed }) => allowed.length > 0);
  const parts: string[] = [];
  if (used.size > 0) parts.push('each core with its slot');
  const free = usable.filter(({ cpus: [cpu] }) => !isTaken(left, cpu!));
  if (free.some(({ allowed }) => !used.has(allowed[0]!))) parts.push('· idle');
  if (free.length < usable.length) parts.push('■ taken by other sweeps');
  if (usable.length < cores.length) parts.push('× not for us');
  return pc.dim(parts.join('   '));
}

function gpuLine(
  gpu: Gpu,
  index: number,
  {
    machine,
    slots,
    columns,
    isTaken,
  }: { machine: Machine; slots: readonly Slot[]; columns: number; isTaken: boolean },
): string {
  const users = slots.filter(({ gpus = [] }) => gpus.includes(gpu.id));
  const width = String(Math.max(0, slots.length - 1)).length;
  const most = Math.max(1, ...(machine.gpus ?? []).map(({ id }) => usersOf(id, slots)));
  const cells = users.map((slot) => slotCell(slot.index, width)).join('');
  const blank = ' '.repeat((most - users.length) * (width + 2));
  const memory = gpu.memoryMiB === undefined ? [] : [`${Math.round(gpu.memoryMiB / 1024)} GiB`];
  const near = nearText(gpu, machine.cores);
  const taken = isTaken ? ['taken by other sweeps'] : [];
  const about = [gpu.name ?? gpu.id, ...memory, ...near, ...taken].join(', ');
  const start = `GPU ${String(index).padEnd(3)}`;
  const room = Math.max(8, columns - start.length - most * (width + 2) - 3);
  const shown = about.length <= room ? about : `${about.slice(0, room - 1)}…`;
  return `${start} ${cells}${blank}  ${pc.dim(shown)}`;
}

function usersOf(id: string, slots: readonly Slot[]): number {
  return slots.filter(({ gpus = [] }) => gpus.includes(id)).length;
}

function nearText({ nearCpus }: Gpu, cores: readonly Core[]): string[] {
  const near = cores.filter(({ cpus }) => cpus.some((cpu) => nearCpus.includes(cpu)));
  const sockets = [...new Set(near.map(({ socket }) => socket))];
  return sockets.length === 1 ? [`near socket ${sockets[0]}`] : [];
}

function slotTable({ cores, gpus = [] }: Machine, slots: readonly Slot[]): string {
  const ids = gpus.map(({ id }) => id);
  const rows = slots.map(({ index, cpus, gpus: own = [] }) => {
    const had = cores.filter(({ allowed }) => allowed.some((cpu) => cpus.includes(cpu)));
    return [
      String(index),
      cpus.length === 0 ? 'any' : String(had.length),
      cpus.length === 0 ? 'any' : cpuListText(cpus),
      [...new Set(had.map(({ socket }) => socket))].join(','),
      own.map((id) => ids.indexOf(id)).join(','),
    ];
  });
  const columns = ['slot', 'cores', 'CPUs', 'socket', ...(gpus.length > 0 ? ['GPU'] : [])];
  return table(
    columns,
    rows.map((row) => row.slice(0, columns.length)),
    [0, 1],
  );
}
