import { type Code, op, valueType, type WasmFunction } from './assembler.ts';
import { normalPlaneBytes, normalTableLimit } from './normal-table.ts';

/**
 * Looks for what makes it doubtful whether a valid UTF-8 text is in NFC: a character that is doubtful by itself, or
 * two marks that stand together and might change places (normal-table.ts has the two sets). Sixteen bytes at a time;
 * only lead bytes under which such characters exist are looked up, so that ASCII, western European letters, Cyrillic,
 * CJK ideographs and Hangul syllables cost next to nothing. Sixty-four bytes without any character from U+0300 on,
 * as most of a western text has, are passed over at once.
 *
 *     doubtful(source, end, table) -> 1 or 0
 */
export const doubtfulFunction = (): WasmFunction => ({
  exportedAs: 'doubtful',
  parameters: [valueType.i32, valueType.i32, valueType.i32],
  results: [valueType.i32],
  locals: [...Array.from({ length: 6 }, () => valueType.i32), valueType.v128, valueType.i32, valueType.i32],
  body: doubtfulBody(),
});

const source = 0;
const end = 1;
const table = 2;
const rest = 3;
const mask = 4;
const at = 5;
const character = 6;
const lead = 7;
/** Where the last mark ends; at the beginning no place at all. */
const markEnd = 8;
const bytes = 9;
/** Where 64 bytes are looked at again. */
const nextLook = 10;
/** How far apart looks are: doubled with each that is in vain. */
const gap = 11;
const smallestGap = 32;
const largestGap = 512;

const { i32, v128, i8x16, local } = op;
const splat = (value: number): Code => v128.constant(Array.from({ length: 16 }, () => value));
/** Lanes with a value in [first, first + count). */
const within = (first: number, count: number): Code => [
  ...local.get(bytes),
  ...splat(first),
  ...i8x16.sub,
  ...splat(count),
  ...i8x16.ltU,
];
/** character = character << 6 | the continuation byte at this distance from the lead byte. */
const append = (distance: number, keep: number): Code => [
  ...[...local.get(character), ...i32.constant(6), ...i32.shl, ...i32.constant(keep), ...i32.and],
  ...[...local.get(at), ...i32.load8u(distance), ...i32.constant(0x3f), ...i32.and],
  ...[...i32.or, ...local.set(character)],
];

/** Whether the character's bit is set in the plane that begins here. */
const bitOfCharacter = (plane: number): Code => [
  ...[...local.get(table), ...local.get(character), ...i32.constant(3), ...i32.shrU, ...i32.add],
  ...[...i32.load8u(plane), ...local.get(character), ...i32.constant(7), ...i32.and, ...i32.shrU],
  ...[...i32.constant(1), ...i32.and],
];
/** One byte more, if the lead byte announces it. */
const lengthen = (fromLead: number): Code => [
  ...[...local.get(markEnd), ...local.get(lead), ...i32.constant(fromLead), ...i32.geU],
  ...[...i32.add, ...local.set(markEnd)],
];

const loadAt = (offset: number): Code => [...local.get(source), ...v128.load(offset)];

/** Passes over 64 bytes where it can, and then begins the loop again, which is at this depth. */
function look(depth: number): Code[] {
  const most = [
    ...[...loadAt(0), ...loadAt(16), ...i8x16.maxU],
    ...[...loadAt(32), ...loadAt(48), ...i8x16.maxU],
    ...i8x16.maxU,
  ];
  return [
    // Never again, where fewer are left.
    [...local.get(rest), ...i32.constant(64), ...i32.ltU],
    op.when([...local.get(end), ...local.set(nextLook)], op.br(depth + 1)),
    [...most, ...splat(0xcc), ...i8x16.geU, ...v128.anyTrue, ...i32.eqz],
    op.when(
      [...i32.constant(smallestGap), ...local.set(gap)],
      [...local.get(source), ...i32.constant(64), ...i32.add, ...local.set(source)],
      op.br(depth + 1),
    ),
    [...local.get(gap), ...i32.constant(1), ...i32.shl, ...local.tee(gap)],
    [...i32.constant(largestGap), ...local.get(gap), ...i32.constant(largestGap), ...i32.ltU],
    [...op.select, ...local.tee(gap), ...local.get(source), ...i32.add, ...local.set(nextLook)],
  ];
}

function doubtfulBody(): Code[] {
  return [
    [...i32.constant(smallestGap), ...local.set(gap)],
    op.block(
      op.loop(
        [...local.get(end), ...local.get(source), ...i32.sub, ...local.tee(rest), ...i32.eqz, ...op.brIf(1)],
        [...local.get(source), ...local.get(nextLook), ...i32.geU],
        op.when(...look(1)),
        [...local.get(source), ...v128.load(), ...local.set(bytes)],
        [...local.get(rest), ...i32.constant(16), ...i32.ltU],
        op.when(
          [...local.get(bytes), ...splat(0x20)],
          [...v128.constant(Array.from({ length: 16 }, (_, index) => index))],
          [...local.get(rest), ...i8x16.splat, ...i8x16.ltU, ...v128.bitselect, ...local.set(bytes)],
        ),
        // Lead bytes from U+0300 on, but not D0-D1 (U+0400-047F), E4-E9 (U+4000-9FFF), EB-EE (U+B000-EFFF).
        [...local.get(bytes), ...splat(0xcc), ...i8x16.geU],
        [...within(0xd0, 2), ...within(0xe4, 6), ...v128.or, ...within(0xeb, 4), ...v128.or],
        [...v128.andnot, ...i8x16.bitmask, ...local.set(mask)],
        op.block(
          op.loop(
            [...local.get(mask), ...i32.eqz, ...op.brIf(1)],
            [...local.get(source), ...local.get(mask), ...i32.ctz, ...i32.add, ...local.tee(at)],
            [...i32.load8u(), ...local.tee(lead), ...i32.constant(0x1f), ...i32.and, ...local.set(character)],
            append(1, 0x7c0),
            [...local.get(lead), ...i32.constant(0xe0), ...i32.geU],
            op.when(append(2, 0xffc0)),
            [...local.get(lead), ...i32.constant(0xf0), ...i32.geU],
            op.when(append(3, 0x1fffc0)),
            [...local.get(character), ...i32.constant(normalTableLimit), ...i32.ltU],
            op.when(
              bitOfCharacter(0),
              op.when([...i32.constant(1), ...op.return]),
              bitOfCharacter(normalPlaneBytes),
              op.when(
                [...local.get(at), ...local.get(markEnd), ...i32.sub, ...i32.eqz],
                op.when([...i32.constant(1), ...op.return]),
                [...local.get(at), ...i32.constant(2), ...i32.add, ...local.set(markEnd)],
                lengthen(0xe0),
                lengthen(0xf0),
              ),
            ),
            [
              ...local.get(mask),
              ...local.get(mask),
              ...i32.constant(1),
              ...i32.sub,
              ...i32.and,
              ...local.set(mask),
            ],
            op.br(0),
          ),
        ),
        [...local.get(source), ...local.get(rest), ...i32.constant(16)],
        [...local.get(rest), ...i32.constant(16), ...i32.ltU, ...op.select, ...i32.add, ...local.set(source)],
        op.br(0),
      ),
    ),
    i32.constant(0),
  ];
}
