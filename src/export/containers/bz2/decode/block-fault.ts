/** Why a block could not be decoded. Inside the decoder only: whoever decodes says where, as a RotaError. */
export class BlockFault extends Error {
  override readonly name = 'BlockFault';
  /** `cut`: the bytes end inside the block; `damaged`: no more bytes would help. */
  readonly kind: 'cut' | 'damaged';

  constructor(kind: 'cut' | 'damaged', what: string) {
    super(what);
    this.kind = kind;
  }
}
