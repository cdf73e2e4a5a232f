import type { BundleSizes, LaneSpec } from './piece-spec.ts';

/** One bz2 block: the most of a bundle of articles, whose multistream file is indexed. */
const blockBytes = 890_000;

/** Stubs are never carried over: large enough to compress well. */
const gzBundleBytes = 1 << 20;

/** Raw bytes that a bundle of the lane may have. */
export function bundleLimit(spec: LaneSpec, bundle: BundleSizes): number {
  if (spec.format === 'gz') return gzBundleBytes;
  if (spec.format === 'zst') return bundle.zst;
  return spec.output === 'articles' ? Math.min(bundle.bz2, blockBytes) : bundle.bz2;
}
