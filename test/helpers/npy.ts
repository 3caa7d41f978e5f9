import { execFileSync } from 'node:child_process';

const READER = `
import ast, json, struct, sys
data = open(sys.argv[1], 'rb').read()
assert data[:8] == b'\\x93NUMPY\\x01\\x00', data[:8]
(length,) = struct.unpack('<H', data[8:10])
assert (10 + length) % 64 == 0 and data[9 + length:10 + length] == b'\\n'
head = ast.literal_eval(data[10:10 + length].decode('latin1'))
assert head['fortran_order'] is False
letters = {'f8': 'd', 'f4': 'f', 'i1': 'b', 'i2': 'h', 'i4': 'i', 'i8': 'q', 'u1': 'B', 'u2': 'H', 'u4': 'I', 'u8': 'Q', 'b1': '?'}
order, kind = head['descr'][0].replace('|', '<'), head['descr'][1:]
body = data[10 + length:]
values = [one[0] for one in struct.iter_unpack(order + letters[kind], body)]
print(json.dumps({'descr': head['descr'], 'shape': list(head['shape']), 'values': [repr(v) for v in values]}))
`;

/** A `.npy` file as Python's standard library reads it, by NumPy's description of the format. */
export function readNpy(path: string): { descr: string; shape: number[]; values: string[] } {
  const text = execFileSync('python3', ['-c', READER, path], { encoding: 'utf8' });
  return JSON.parse(text) as ReturnType<typeof readNpy>;
}
