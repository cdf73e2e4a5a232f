import type { Secret } from '../core/secret.ts';

/** To whom, from whom, and by which server mail is sent. */
export interface MailAlerts {
  readonly to: readonly string[];
  readonly from: string;
  readonly server: { readonly host: string; readonly port: number };
  readonly security: MailSecurity;
  /** PEM of the authority that the server's certificate is checked against; null: those that Node knows. */
  readonly ca: string | null;
  readonly login: { readonly user: string; readonly password: Secret } | null;
}

/** `tls` from the first byte, `starttls` or nothing, plain, or (`opportunistic`) TLS where the server offers it. */
export type MailSecurity = 'tls' | 'starttls' | 'opportunistic' | 'none';
