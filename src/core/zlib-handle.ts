/** The parts of node:zlib's handles that are used directly. They are private to Node, so whoever uses them tests first that they work. */
export interface ZlibHandle {
  writeSync(
    flush: number,
    source: Uint8Array,
    sourceOffset: number,
    sourceLength: number,
    target: Uint8Array,
    targetOffset: number,
    targetLength: number,
  ): void;
  reset(): void;
  onerror: (message: string, errno: number, code: string) => void;
}
