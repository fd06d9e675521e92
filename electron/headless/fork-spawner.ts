import { fork } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { EngineLog } from '../engine/engine.ts'
import type { WorkerProcess, WorkerSpawner } from '../engine/workers/wire.ts'

interface ForkSpawnerOptions {
  /** Folder of the built workers, `<kind>.worker.js` each. */
  workersDir: string
  log: EngineLog
  /** Environment of the workers, before what this adds. */
  env: NodeJS.ProcessEnv
}

/** DuckDB runs each query on libuv's pool; with the usual four threads, four long queries would starve page reads and files. */
const UV_THREADS = '16'

/**
 * Of V8's young generation, in MB. What workers make in JavaScript lives for a moment; with the usual 16 the heap of one that cuts a file into
 * records grew by 100 MB that nothing used, at the same speed.
 */
const SEMI_SPACE_MB = 8

/** The line of a crash's output that says what it was. */
const COMPLAINT = /^\w*(error|exception)\b|^terminate called|what\(\):|fatal/i

/** Starts workers as children of a plain Node process. They end when this process does, since their channel closes. */
export function createForkSpawner({ workersDir, log, env }: ForkSpawnerOptions): WorkerSpawner {
  return (kind): WorkerProcess => {
    const child = fork(join(workersDir, `${kind}.worker.js`), [], {
      execPath: process.execPath,
      // Processors are TypeScript; that Node's way to strip types may change is nothing for a user's terminal.
      execArgv: [`--max-semi-space-size=${SEMI_SPACE_MB}`, '--disable-warning=ExperimentalWarning'],
      serialization: 'advanced',
      env: { ...env, UV_THREADPOOL_SIZE: UV_THREADS },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    const exitListeners: ((reason: string) => void)[] = []
    let exitReason: string | null = null
    const ended = (reason: string): void => {
      if (exitReason !== null) return
      exitReason = reason
      for (const listener of exitListeners) listener(reason)
    }
    // 'exit' does not come when the process could not be started, 'error' may come several times.
    child.on('error', (error) => {
      log('error', `${kind} worker: ${error.message}`, { kind })
      if (child.pid === undefined) ended(`it could not be started: ${error.message}`)
    })
    let complaint: string | null = null
    // 'close' comes after the last line of stderr, 'exit' may come before.
    child.on('close', (code, signal) => ended(exitText(code, signal) + (complaint === null || code === 0 ? '' : `: ${complaint}`)))
    for (const [stream, level] of [[child.stdout, 'debug'], [child.stderr, 'warn']] as const) {
      if (stream === null) continue
      createInterface({ input: stream }).on('line', (line) => {
        if (level === 'warn' && COMPLAINT.test(line)) complaint = line.trim()
        log(level, `${kind} worker: ${line}`, { kind, pid: child.pid })
      })
    }
    return {
      pid: child.pid ?? null,
      post(message) {
        // A closed channel is a dead worker; the client hears of it through onExit, so the message may be dropped.
        if (child.connected) child.send(message as object, (error) => error !== null && log('debug', `${kind} worker: message not delivered: ${error.message}`))
      },
      onMessage: (listener) => void child.on('message', listener),
      onExit(listener) {
        if (exitReason === null) exitListeners.push(listener)
        else listener(exitReason)
      },
      kill: () => void child.kill('SIGKILL'),
    }
  }
}

/** How a process ended, in words for people. */
export function exitText(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGKILL') return 'it was killed (SIGKILL), by a person or by the system when memory ran out'
  if (signal !== null) return `it crashed with ${signal}`
  return code === 0 ? 'it exited' : `it exited with code ${code}`
}
