/** The last id given in each numbered table. */
export interface IdCounters {
  page: number;
  revision: number;
  content: number;
  text: number;
  comment: number;
  log: number;
  archive: number;
  linkTarget: number;
  externalLink: number;
  restriction: number;
  changeTag: number;
  blob: number;
}

export function newIdCounters(): IdCounters {
  return {
    page: 0,
    revision: 0,
    content: 0,
    text: 0,
    comment: 0,
    log: 0,
    archive: 0,
    linkTarget: 0,
    externalLink: 0,
    restriction: 0,
    changeTag: 0,
    blob: 0,
  };
}
