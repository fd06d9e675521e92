import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

/** The built programs of Strata, started as a person would start them. */

const root = join(import.meta.dirname, '..')
const ANSWER_LIMIT_MS = 30_000
const STOP_LIMIT_MS = 15_000

export interface Serving {
  readonly url: string
  /** Ends the server as Ctrl+C does; rejects unless it ends with 0 in time. */
  stop(): Promise<void>
}

/** Runs a command of the CLI; resolves with its standard output, rejects when it does not end with 0. */
export async function strata(...args: string[]): Promise<string> {
  const command = [join(root, 'dist', 'headless', 'cli.js'), ...args]
  const failed = (error: Error & { code?: unknown; stdout?: string; stderr?: string }): never => {
    throw new Error(`strata ${args.join(' ')} ended with ${String(error.code)}\n${error.stdout ?? ''}\n${error.stderr ?? ''}`, { cause: error })
  }
  const { stdout } = await promisify(execFile)(process.execPath, command, { maxBuffer: 64 * 1024 * 1024 }).catch(failed)
  return stdout
}

/** Serves a workspace to a browser on a free port. The user's own settings and secrets are left alone. */
export async function serve(workspace: string): Promise<Serving> {
  const child = spawn(process.execPath, [join(root, 'dist', 'headless', 'server.js'), workspace, '--port', '0', '--no-open'], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, XDG_CONFIG_HOME: join(workspace, '..', 'config') } })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  try {
    return { url: await announcedUrl(child), stop: () => stop(child, () => errors) }
  } catch (error) {
    child.kill('SIGKILL')
    throw new Error(`The server did not start.\n${errors}`, { cause: error })
  }
}

async function announcedUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('No standard output')
  const lines = createInterface({ input: child.stdout })
  const limit = AbortSignal.timeout(ANSWER_LIMIT_MS)
  limit.addEventListener('abort', () => lines.close())
  for await (const line of lines) {
    const url = /^Strata is at (http\S+)$/.exec(line)?.[1]
    if (url === undefined) continue
    // Nothing else is expected on standard output, but a full pipe must never stop the server.
    child.stdout.resume()
    return url
  }
  throw new Error(limit.aborted ? `No address within ${ANSWER_LIMIT_MS} ms` : 'It ended without printing an address')
}

async function stop(child: ChildProcess, errors: () => string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit', { signal: AbortSignal.timeout(STOP_LIMIT_MS) })
    child.kill('SIGTERM')
    await exited.catch((error: unknown) => {
      child.kill('SIGKILL')
      throw new Error(`The server did not end within ${STOP_LIMIT_MS} ms.\n${errors()}`, { cause: error })
    })
  }
  if (child.exitCode !== 0) throw new Error(`The server ended with ${child.exitCode ?? child.signalCode}.\n${errors()}`)
}
