import { type Html, html } from '../../../../publish/pages/html.ts';
import { quantity } from '../../charts/draw/numbers.ts';
import type { RuleView } from '../../model/rule-view.ts';
import { projectLink } from './page-parts.ts';

/** A rule in plain English, with links to its projects. */
export function ruleText(rule: RuleView, tracker: string | null): Html {
  const link = ({ id, name }: RuleView['projects'][number]) => projectLink(tracker, id, name);
  const [first] = rule.projects;
  const project = first === undefined ? html`a project that the tracker does not have` : link(first);
  const match = html`“<bdi>${rule.match ?? ''}</bdi>”`;
  const which: Record<RuleView['kind'], () => Html> = {
    ProjectByID: () => html`Tasks of ${project}`,
    ProjectByName: () => html`Tasks of ${project}`,
    ProjectsByWildcard: () =>
      html`Tasks of each project whose name contains ${match}, a category for each${rule.projects.length > 0 && html` (${rule.projects.map((p, i) => html`${i > 0 && ', '}${link(p)}`)})`}`,
    Intersection: () =>
      html`Tasks that are in all of ${rule.projects.map((p, i) => html`${i > 0 && (i === rule.projects.length - 1 ? ' and ' : ', ')}${link(p)}`)}`,
    ProjectColumn: () => html`Tasks of ${project} in a column whose name contains ${match}`,
    ParentTask: () => html`Tasks of ${project} below a task whose title contains ${match}`,
  };
  const title = rule.title ?? '';
  const becomes =
    rule.display === 'omit'
      ? html` are left out`
      : rule.kind === 'ProjectsByWildcard'
        ? html``
        : html` are the category <strong><bdi>${title}</bdi></strong>`;
  const hidden = rule.display === 'hide' && html`; hidden from the main charts`;
  const forced = rule.forceResolved && html`; counted as done whatever their status`;
  return html`${which[rule.kind]()}${becomes}${hidden}${forced}. <span class="soft">${quantity(rule.tasks)} ${rule.tasks === 1 ? 'task' : 'tasks'} now.</span>`;
}
