/** Each chart is drawn twice, so that its text can be read on a phone as well: pages show the one that fits. */
export type Layout = 'wide' | 'narrow';

export interface Size {
  readonly layout: Layout;
  readonly width: number;
  readonly height: number;
}

/** The rectangle in which data is drawn, in the chart's units (pixels at its natural size). */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export function sizeOf(layout: Layout, height: { readonly wide: number; readonly narrow: number }): Size {
  return { layout, width: layout === 'wide' ? 1000 : 358, height: height[layout] };
}

/** The size of text in charts; the style sheet says the same. */
export const textSize = 13;
export const lineHeight = 16;
