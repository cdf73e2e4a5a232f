/** Ids of the projects that mark kinds of work; those of the best known tracker, unless rota.yaml says otherwise. */
export interface TagIds {
  readonly epic: number;
  readonly new: number;
  readonly maintenance: number;
  readonly category: number;
  readonly goal: number;
}

export const defaultTags: TagIds = { epic: 942, new: 1453, maintenance: 1454, category: 1656, goal: 2169 };
