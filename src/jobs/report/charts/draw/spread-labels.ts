/** Something of a height that would best stand with its middle at `at`. */
export interface Spreadable {
  readonly at: number;
  readonly height: number;
}

/**
 * Where labels go so that none overlaps another and all lie between top and bottom, each as near as can be to where it
 * belongs: labels that touch are moved as one block to their common mean (the pooling of isotonic regression). Gives the
 * middles, in the order of the input. More than the room holds run over the bottom: callers limit them.
 */
export function spreadLabels(labels: readonly Spreadable[], top: number, bottom: number): readonly number[] {
  const order = labels
    .map((label, index) => ({ label, index }))
    .sort((a, b) => a.label.at - b.label.at || a.index - b.index);
  // In each block the labels stand without gaps; `start` is the block's top.
  interface Block {
    readonly items: typeof order;
    readonly height: number;
    readonly wanted: number;
    start: number;
  }
  const clamp = (start: number, height: number) => Math.max(top, Math.min(bottom - height, start));
  const blocks: Block[] = [];
  for (const item of order) {
    const { at, height } = item.label;
    let block: Block = {
      items: [item],
      height,
      wanted: at - height / 2,
      start: clamp(at - height / 2, height),
    };
    for (
      let above = blocks.at(-1);
      above !== undefined && above.start + above.height > block.start;
      above = blocks.at(-1)
    ) {
      blocks.pop();
      const count = above.items.length + block.items.length;
      // The block's top would best be the mean of what its labels want, each less what stands above it.
      const wanted =
        (above.wanted * above.items.length + (block.wanted - above.height) * block.items.length) / count;
      const height = above.height + block.height;
      block = { items: [...above.items, ...block.items], height, wanted, start: clamp(wanted, height) };
    }
    blocks.push(block);
  }
  const middles = new Array<number>(labels.length).fill(0);
  for (const block of blocks) {
    let y = block.start;
    for (const { label, index } of block.items) {
      middles[index] = y + label.height / 2;
      y += label.height;
    }
  }
  return middles;
}
