import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'

/** The browser host as people start it, on a workspace. */

const SERVER = fileURLToPath(new URL('../dist/headless/server.js', import.meta.url))
export const CHROMIUM_ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

export interface BenchHost extends AsyncDisposable {
  /** Address with its token. */
  url: string
}

export async function startHost(workspace: string): Promise<BenchHost> {
  const server = spawn(process.execPath, [SERVER, workspace, '--no-open'], { stdio: ['ignore', 'pipe', 'inherit'] })
  return { url: await addressOf(server), [Symbol.asyncDispose]: () => ended(server) }
}

async function addressOf(server: ChildProcess): Promise<string> {
  if (server.stdout === null) throw new Error('The host has no output')
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /https?:\/\/\S+/.exec(line)?.[0]
    if (url !== undefined) return url
  }
  throw new Error('The host ended before it named its address')
}

function ended(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null) return resolve()
    server.on('exit', () => resolve())
    server.kill('SIGTERM')
  })
}
