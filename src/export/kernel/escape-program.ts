import { assemble, type Code, op, valueType, type WasmModule } from './assembler.ts';
import { type EscapeMode, replacements, seen } from './escape-tables.ts';
import { doubtfulFunction } from './normal-program.ts';

/**
 * The escaping kernel: reads 16 bytes at a time, writes them to the output, and where one of them must be escaped
 * goes on from there. Characters to escape are found with one table look-up by their low nibble (they all differ in
 * it), control characters with a second one.
 *
 *     escape(source, end, target, table) -> bits of `seen`; written() -> where the output ends
 *
 * Reads up to 15 bytes beyond `end` and writes up to 16 bytes beyond the output: both must be inside the memory.
 */
export const kernelModule = (): WasmModule => ({
  memoryPages: 1,
  globals: 1,
  functions: [
    {
      exportedAs: 'escape',
      parameters: [valueType.i32, valueType.i32, valueType.i32, valueType.i32],
      results: [valueType.i32],
      locals: [
        valueType.i32,
        valueType.i32,
        valueType.v128,
        valueType.v128,
        valueType.v128,
        valueType.v128,
        valueType.v128,
      ],
      body: escapeBody(),
    },
    {
      exportedAs: 'written',
      parameters: [],
      results: [valueType.i32],
      locals: [],
      body: [op.global.get(0)],
    },
    doubtfulFunction(),
  ],
});

const source = 0;
const end = 1;
const target = 2;
const table = 3;
const rest = 4;
const mask = 5;
const bytes = 6;
const specials = 7;
const allMax = 8;
const allControl = 9;
const low = 10;

const { i32, i64, v128, i8x16, local } = op;
const splat = (value: number): Code => v128.constant(Array.from({ length: 16 }, () => value));
const advance = (pointer: number, by: Code): Code => [
  ...local.get(pointer),
  ...by,
  ...i32.add,
  ...local.set(pointer),
];
/** 1: forbidden, 2: carriage return; indexed by the characters 0-15. */
const controlKinds = [1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 2, 1, 1];

function escapeBody(): Code[] {
  return [
    [...local.get(table), ...v128.load(0), ...local.set(specials)],
    op.block(
      op.loop(
        // rest = end - source; nothing left: leave the block
        [...local.get(end), ...local.get(source), ...i32.sub, ...local.tee(rest), ...i32.eqz, ...op.brIf(1)],
        [...local.get(source), ...v128.load(), ...local.set(bytes)],
        // At the end, what lies beyond it is taken as spaces.
        [...local.get(rest), ...i32.constant(16), ...i32.ltU],
        op.when(
          [...local.get(bytes), ...splat(0x20)],
          [
            ...v128.constant(Array.from({ length: 16 }, (_, index) => index)),
            ...local.get(rest),
            ...i8x16.splat,
            ...i8x16.ltU,
          ],
          [...v128.bitselect, ...local.set(bytes)],
        ),
        [...local.get(target), ...local.get(bytes), ...v128.store()],
        [...local.get(bytes), ...local.get(allMax), ...i8x16.maxU, ...local.set(allMax)],
        // Below 16 the kind of control character; 16-31 are all forbidden (max of the two look-ups).
        [...v128.constant(controlKinds), ...local.get(bytes), ...i8x16.swizzle],
        [
          ...local.get(bytes),
          ...splat(0xf0),
          ...v128.and,
          ...splat(0x10),
          ...i8x16.eq,
          ...splat(1),
          ...v128.and,
        ],
        [...v128.or, ...local.get(allControl), ...v128.or, ...local.set(allControl)],
        // specials[byte & 15] == byte
        [...local.get(specials), ...local.get(bytes), ...splat(0x0f), ...v128.and, ...i8x16.swizzle],
        [...local.get(bytes), ...i8x16.eq, ...local.tee(low), ...v128.anyTrue, ...i32.eqz],
        op.when(
          // rest = min(rest, 16)
          [
            ...local.get(rest),
            ...i32.constant(16),
            ...local.get(rest),
            ...i32.constant(16),
            ...i32.ltU,
            ...op.select,
          ],
          [...local.set(rest)],
          advance(source, local.get(rest)),
          advance(target, local.get(rest)),
          op.br(1),
        ),
        [...local.get(low), ...i8x16.bitmask, ...i32.ctz, ...local.set(mask)],
        advance(source, local.get(mask)),
        advance(target, local.get(mask)),
        // mask = address of the character's entry: 8 bytes of replacement, then its length
        [...local.get(table), ...local.get(source), ...i32.load8u(), ...i32.constant(15), ...i32.and],
        [...i32.constant(4), ...i32.shl, ...i32.add, ...local.set(mask)],
        [...local.get(target), ...local.get(mask), ...i64.load(16), ...i64.store()],
        advance(target, [...local.get(mask), ...i32.load8u(24)]),
        advance(source, i32.constant(1)),
        op.br(0),
      ),
    ),
    [...local.get(target), ...op.global.set(0)],
    facts(),
  ];
}

function facts(): Code {
  const bit = (vector: Code, value: number): Code => [
    ...i32.constant(value),
    ...i32.constant(0),
    ...vector,
    ...v128.anyTrue,
    ...op.select,
  ];
  return [
    ...bit([...local.get(allControl), ...splat(1), ...v128.and], seen.control),
    ...bit([...local.get(allControl), ...splat(2), ...v128.and], seen.carriageReturn),
    ...i32.or,
    ...bit([...local.get(allMax), ...splat(0x80), ...i8x16.geU], seen.nonAscii),
    ...i32.or,
    ...bit([...local.get(allMax), ...splat(0xcc), ...i8x16.geU], seen.high),
    ...i32.or,
  ];
}

/** The kernel's binary, made from the source above; the committed one is checked against it by a test. */
export const assembleKernel = (): Uint8Array<ArrayBuffer> => assemble(kernelModule());

export const tableBytes = 16 + 16 * 16;

/** The table of a mode: 16 bytes of characters by low nibble, then 16 entries of 16 bytes. */
export function kernelTable(mode: EscapeMode): Uint8Array {
  const bytesOfTable = new Uint8Array(tableBytes);
  // A character that does not have the low nibble of its place never matches.
  bytesOfTable.fill(0xff, 0, 15);
  for (const [character, replacement] of replacements[mode]) {
    const place = character & 15;
    bytesOfTable[place] = character;
    bytesOfTable.set(Buffer.from(replacement, 'latin1'), 16 + place * 16);
    bytesOfTable[16 + place * 16 + 8] = replacement.length;
  }
  return bytesOfTable;
}
