import type { Role } from '../../operations/access/roles.ts';
import { mayDo } from './visitor.ts';
import type { Visitor } from './visitor-record.ts';

export type Form = Readonly<Record<string, unknown>>;

export interface Refusal {
  readonly error: string;
  readonly message: string;
  readonly status: 401 | 403;
}

/** Why somebody may not do something; null: go on. A browser's cookie alone is not enough: the form must be one of ours. */
export function refusalOf(
  visitor: Visitor | undefined,
  p: { readonly role: Role /** `to cancel a run` */; readonly what: string; readonly form: Form },
): Refusal | null {
  const { role, what, form } = p;
  if (visitor === undefined) {
    return { error: 'SIGN_IN', message: `${what} needs a token with the role ${role}`, status: 401 };
  }
  if (visitor.session !== undefined && form.formKey !== visitor.session.formKey) {
    return {
      error: 'FORM_UNKNOWN',
      message: 'this form is not from a page of this server, or an old one',
      status: 403,
    };
  }
  if (mayDo(visitor, role)) return null;
  return {
    error: 'ROLE',
    message: `${visitor.name} has the role ${visitor.role}; ${what} needs ${role}`,
    status: 403,
  };
}
