/** What a host does right after its switch. A value, made without asking anybody: a test can assert it. */
export default (rota) =>
  class extends rota.stages.Restart {
    local({ host, path, version }) {
      return rota.onHost({
        path,
        name: 'restart',
        // The shell of the host reads it; ROTA_PATH, ROTA_HOST and ROTA_VERSION are in its environment.
        command: 'echo "$ROTA_VERSION" > "$ROTA_PATH.served"',
        host: host.name,
        version,
        deadlineMs: 60_000,
        mutates: true,
      });
    }
  };
