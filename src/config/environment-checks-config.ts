/** Something that must hold on a host after its switch. */
export interface DeployCheck {
  readonly name: string;
  readonly probe: Probe;
  /** `one-host`: on the first host of each batch only. */
  readonly on: 'host' | 'one-host' | 'deployer';
  /** As whom a command or script runs on the host; null: as everything else. */
  readonly user: string | null;
  readonly timeoutMs: number;
  readonly tries: number;
  readonly severity: 'fail' | 'warn';
  /** Whether it counts as failed where it could not be asked at all, or is only told. */
  readonly onError: 'fail' | 'warn';
  /** Null: in every group. */
  readonly groups: readonly string[] | null;
}

export type Probe =
  | { readonly kind: 'command'; readonly command: string }
  /** A file on this machine, run by what its first line names. */
  | { readonly kind: 'script'; readonly file: string }
  /** `{host}` and `{version}` stand for the host's name and the version. */
  | {
      readonly kind: 'http';
      readonly url: string;
      readonly status: number;
      readonly contains: string | null;
    }
  | LogProbe
  | MetricProbe
  /** A module on this machine. */
  | { readonly kind: 'class'; readonly module: string };

/** How many lines of a log match: compared with the host's own past, and with hosts that were not switched yet. */
export interface LogProbe {
  readonly kind: 'log';
  /** On the host. */
  readonly file: string;
  /** As `grep -E` has it. */
  readonly pattern: string;
  /** How long the log is watched after the switch. */
  readonly windowMs: number;
  /** As many matching lines are never a fault. */
  readonly limit: number;
  /** More than so many times the rate of before is a fault. */
  readonly factor: number;
  /** With fewer lines the log says nothing. */
  readonly minimumLines: number;
}

/** A number from a Prometheus server. */
export interface MetricProbe {
  readonly kind: 'metric';
  readonly url: string;
  readonly query: string;
  readonly windowMs: number;
  /** More is a fault, whatever it was before; null: only compared. */
  readonly max: number | null;
  readonly factor: number | null;
}
