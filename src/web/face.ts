/** `operators`: everything; `public`: the published tree and what everybody may know of the farm. */
export type Face = 'operators' | 'public';
