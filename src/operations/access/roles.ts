/** What a token lets its bearer do; each role may all that the ones before it may. */
export const roles = ['view', 'operate', 'approve'] as const;

export type Role = (typeof roles)[number];

export function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text);
}

export function permits(role: Role, wanted: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(wanted);
}
