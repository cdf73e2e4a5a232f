/**
 * Seven colours that people with any of the common kinds of colour blindness tell apart (Okabe and Ito), and a grey for
 * the rest. They are classes, `fill-0` to `fill-6` and `fill-other`, so that a page's scheme decides the shade; `tint`
 * is the same hue for what is done.
 */
export const mostColours = 7;

export interface Swatch {
  readonly fill: string;
  readonly tint: string;
}

/** What has a place below 7 gets a colour of its own. */
export function swatch(place: number | 'other'): Swatch {
  const name = place === 'other' || place >= mostColours ? 'other' : String(place);
  return { fill: `fill-${name}`, tint: `tint-${name}` };
}
