/** Aborted by the first SIGINT, SIGTERM or SIGHUP; the second ends the process without asking, with `exitCode`. */
export function createCancelSignal(exitCode: number): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(exitCode)
      controller.abort()
    })
  }
  return controller.signal
}
