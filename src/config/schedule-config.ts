/** When a job is due, and what becomes of due times that were missed. */
export interface ScheduleConfig {
  readonly schedule: Schedule;
  readonly catchUp: {
    /** Missed due times: every one (oldest first), only the latest, or none. */
    readonly policy: 'all' | 'latest' | 'none';
    /** How far back a missed due time is made up for. */
    readonly withinMs: number;
  };
}

export type Schedule =
  /** A cron expression in an IANA time zone. */
  | { readonly kind: 'cron'; readonly expression: string; readonly zone: string }
  /** Again and again, the least recently done subject first, each at most once per cool-down. The zone gives the date. */
  | { readonly kind: 'continuous'; readonly coolDownMs: number; readonly zone: string }
  /** Only when somebody asks. The zone gives the date. */
  | { readonly kind: 'manual'; readonly zone: string };
