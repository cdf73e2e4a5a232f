import { forever } from '../history/interval.ts';

/**
 * Which task was whose parent, and when. Parent and child both tell of an edge, mostly in the same second; sometimes only
 * one of them does. Edges to tasks that are not in the source are left out.
 */
export const parentIntervals = `
CREATE TABLE parent AS
WITH told AS (
  SELECT e.task AS child, t.id AS parent, told_at, step, added
    FROM parent_event e JOIN task t ON t.phid = e.other_phid WHERE e.role = 'parent'
  UNION ALL
  SELECT t.id AS child, e.task AS parent, told_at, step, added
    FROM parent_event e JOIN task t ON t.phid = e.other_phid WHERE e.role = 'child'
),
seconds AS (
  SELECT child, parent, told_at, arg_max(added, step) AS added FROM told WHERE child <> parent GROUP BY child, parent, told_at
),
followed AS (
  SELECT *, coalesce(lag(added) OVER (PARTITION BY child, parent ORDER BY told_at), false) AS was FROM seconds
),
changes AS (
  SELECT child, parent, told_at AS valid_from, added,
    lead(told_at) OVER (PARTITION BY child, parent ORDER BY told_at) AS valid_to
  FROM followed WHERE added <> was
)
SELECT child, parent, valid_from, coalesce(valid_to, ${forever})::UINTEGER AS valid_to FROM changes WHERE added`;
