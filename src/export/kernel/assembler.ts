/**
 * The few pieces of a WebAssembly assembler that the escaping kernel needs: instructions are byte arrays that are
 * joined in order. Source: the WebAssembly core specification 2.0, chapter 5 (binary format), with SIMD.
 */
export type Code = readonly number[];

export const valueType = { i32: 0x7f, i64: 0x7e, v128: 0x7b } as const;
export type ValueType = (typeof valueType)[keyof typeof valueType];

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

const simd = (opcode: number): Code => [0xfd, ...unsigned(opcode)];
const memory = (opcode: Code, offset: number): Code => [...opcode, 0, ...unsigned(offset)];

/** Instructions by their names in the text format. */
export const op = {
  local: {
    get: (index: number): Code => [0x20, ...unsigned(index)],
    set: (index: number): Code => [0x21, ...unsigned(index)],
    tee: (index: number): Code => [0x22, ...unsigned(index)],
  },
  global: {
    get: (index: number): Code => [0x23, ...unsigned(index)],
    set: (index: number): Code => [0x24, ...unsigned(index)],
  },
  block: (...body: Code[]): Code => [0x02, 0x40, ...body.flat(), 0x0b],
  loop: (...body: Code[]): Code => [0x03, 0x40, ...body.flat(), 0x0b],
  when: (...body: Code[]): Code => [0x04, 0x40, ...body.flat(), 0x0b],
  br: (depth: number): Code => [0x0c, ...unsigned(depth)],
  brIf: (depth: number): Code => [0x0d, ...unsigned(depth)],
  return: [0x0f] as Code,
  select: [0x1b] as Code,
  i32: {
    constant: (value: number): Code => [0x41, ...signed(value)],
    load8u: (offset = 0): Code => memory([0x2d], offset),
    eqz: [0x45] as Code,
    ltU: [0x49] as Code,
    geU: [0x4f] as Code,
    ctz: [0x68] as Code,
    add: [0x6a] as Code,
    sub: [0x6b] as Code,
    and: [0x71] as Code,
    or: [0x72] as Code,
    shl: [0x74] as Code,
    shrU: [0x76] as Code,
  },
  i64: {
    load: (offset = 0): Code => memory([0x29], offset),
    store: (offset = 0): Code => memory([0x37], offset),
  },
  v128: {
    load: (offset = 0): Code => memory(simd(0x00), offset),
    store: (offset = 0): Code => memory(simd(0x0b), offset),
    constant: (lanes: readonly number[]): Code => [...simd(0x0c), ...lanes],
    and: simd(0x4e),
    andnot: simd(0x4f),
    or: simd(0x50),
    bitselect: simd(0x52),
    anyTrue: simd(0x53),
  },
  i8x16: {
    swizzle: simd(0x0e),
    splat: simd(0x0f),
    eq: simd(0x23),
    ltU: simd(0x26),
    geU: simd(0x2c),
    bitmask: simd(0x64),
    sub: simd(0x71),
    maxU: simd(0x79),
  },
} as const;

export interface WasmFunction {
  readonly exportedAs: string;
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly body: readonly Code[];
}

export interface WasmModule {
  /** Imported as `env.memory`. */
  readonly memoryPages: number;
  /** Number of mutable i32 globals, all starting at 0. */
  readonly globals: number;
  readonly functions: readonly WasmFunction[];
}

const vector = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flatMap((item) => [...item]),
];
const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
const section = (id: number, bytes: readonly number[]): number[] => [id, ...sized(bytes)];
const text = (value: string): number[] => sized([...Buffer.from(value, 'utf8')]);

/** The binary form of a module. */
export function assemble(module: WasmModule): Uint8Array<ArrayBuffer> {
  const { functions } = module;
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(
      1,
      vector(
        functions.map((f) => [
          0x60,
          ...vector(f.parameters.map((t) => [t])),
          ...vector(f.results.map((t) => [t])),
        ]),
      ),
    ),
    ...section(2, vector([[...text('env'), ...text('memory'), 0x02, 0x00, ...unsigned(module.memoryPages)]])),
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...section(
      6,
      vector(Array.from({ length: module.globals }, () => [valueType.i32, 0x01, 0x41, 0x00, 0x0b])),
    ),
    ...section(7, vector(functions.map((f, index) => [...text(f.exportedAs), 0x00, ...unsigned(index)]))),
    ...section(
      10,
      vector(
        functions.map((f) => sized([...vector(f.locals.map((t) => [0x01, t])), ...f.body.flat(), 0x0b])),
      ),
    ),
  ]);
}
