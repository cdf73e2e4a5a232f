/** How what a version needs comes to hosts. */
export interface TransferSettings {
  /**
   * Who sends: this machine to all hosts (`star`), or hosts that have it to others too: over ssh with a key of the run, or by
   * a command of the site.
   */
  readonly relay: 'star' | 'ssh' | 'command';
  /** To how many hosts at once this machine, and every host that has it, sends. */
  readonly width: number;
  /** For `command`: a script for sh that writes the file `$2` of the host `$1` to its standard output. */
  readonly command: string | null;
  /** How long a host may take to get it from another before it is asked for elsewhere. */
  readonly timeoutMs: number;
  /** Where sshd of hosts looks for keys: absolute, or within the home of who logs in. */
  readonly authorizedKeys: string;
}
