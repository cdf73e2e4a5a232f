/** Something an operator should know at once. */
export interface Alert {
  /** Names the event: the same event is told once. */
  readonly key: string;
  readonly kind: 'failed' | 'held' | 'stopped' | 'overdue' | 'disk';
  /** One line. */
  readonly title: string;
  /** What is wrong, where, what to do. */
  readonly text: string;
  readonly at: Date;
  readonly run?: string;
}

/** A way to reach operators. */
export interface AlertSink {
  /** Another name for each sink of a farm, such as `webhook:ops`. */
  readonly name: string;
  /** Rejects (ALERT_FAILED) when the alert was not taken: it is tried again at the next sweep. */
  send(alert: Alert, signal: AbortSignal): Promise<void>;
}
