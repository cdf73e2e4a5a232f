import { RotaError } from '../../core/errors/rota-error.ts';

/** Turns text in a legacy encoding into UTF-8. */
export type LegacyDecoder = (bytes: Uint8Array) => Buffer;

/** Bytes of windows-1252 that stand for nothing (the web's decoders give control characters for them). */
const windows1252Gaps = /[\x81\x8d\x8f\x90\x9d]/g;

/**
 * A decoder for a value of $wgLegacyEncoding, by its name for iconv. Bytes that the encoding does not have are left
 * out, as MediaWiki does it (iconv with //IGNORE).
 * @throws RotaError SCHEMA_UNSUPPORTED for an encoding that is not known
 */
export function legacyDecoder(encoding: string): LegacyDecoder {
  const name = encoding.toLowerCase().replace(/\/\/.*$/, '');
  // The web's decoders take ISO 8859-1 for windows-1252, iconv does not.
  if (/^(iso[-_]?8859-1|latin-?1|l1|cp819)$/.test(name)) return (bytes) => Buffer.from(latin1(bytes));
  const label = name.replace(/^cp(125\d)$/, 'windows-$1');
  let decoder: InstanceType<typeof TextDecoder>;
  try {
    decoder = new TextDecoder(label, { ignoreBOM: true });
  } catch {
    throw new RotaError(
      'SCHEMA_UNSUPPORTED',
      `The legacy encoding "${encoding}" is not known: give the value of $wgLegacyEncoding, such as windows-1252.`,
    );
  }
  if (label === 'windows-1252') {
    return (bytes) => {
      const kept = Buffer.from(latin1(bytes).replace(windows1252Gaps, ''), 'latin1');
      return Buffer.from(decoder.decode(kept));
    };
  }
  return (bytes) => Buffer.from(decoder.decode(bytes).replaceAll('\ufffd', ''));
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
