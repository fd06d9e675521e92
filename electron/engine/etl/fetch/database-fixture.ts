import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** A database server that was started for a test, on this machine, and goes with it. */
export interface DatabaseServer extends AsyncDisposable {
  readonly port: number
  readonly user: string
}

const USUAL = ['/usr/sbin', '/usr/local/sbin', '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin']

/** Folder of PostgreSQL's programs; null where it is not installed. */
export function findPostgres(): string | null {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').toSorted().toReversed() : []
  const folders = [...versions.map((version) => `/usr/lib/postgresql/${version}/bin`), ...USUAL]
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'))) ?? null
}

/** Folder of MariaDB's server; null where it is not installed. */
export function findMariadb(): string | null {
  return USUAL.find((folder) => existsSync(join(folder, 'mariadbd'))) ?? null
}

export async function startPostgres(bin: string): Promise<DatabaseServer> {
  const { dir, owner, data } = newFolder('postgres')
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'strata', '--auth=trust', '-E', 'UTF8', '--no-sync'], { ...owner, stdio: 'pipe', cwd: dir })
  const port = await freePort()
  return serve({ dir, port, user: 'strata', file: join(bin, 'postgres'), owner, args: ['-D', data, '-p', String(port), '-k', dir, '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'] })
}

export async function startMariadb(bin: string): Promise<DatabaseServer> {
  const { dir, owner, data } = newFolder('mariadb')
  const installer = [bin, ...USUAL].map((folder) => join(folder, 'mariadb-install-db')).find((path) => existsSync(path)) ?? ''
  execFileSync(installer, ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'], { ...owner, stdio: 'pipe', cwd: dir })
  const port = await freePort()
  return serve({ dir, port, user: 'root', file: join(bin, 'mariadbd'), owner, args: ['--no-defaults', `--datadir=${data}`, `--port=${port}`, '--bind-address=127.0.0.1', `--socket=${join(dir, 'socket')}`, `--pid-file=${join(dir, 'pid')}`] })
}

interface Owner {
  uid?: number
  gid?: number
}

const NOBODY = 65_534

/** Neither server runs as root. */
function newFolder(name: string): { dir: string; data: string; owner: Owner } {
  const dir = mkdtempSync(join(tmpdir(), `strata-${name}-`))
  const owner = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  if (owner.uid !== undefined) chownSync(dir, owner.uid, owner.gid)
  return { dir, data: join(dir, 'data'), owner }
}

async function serve({ dir, port, user, file, args, owner }: { dir: string; port: number; user: string; file: string; args: string[]; owner: Owner }): Promise<DatabaseServer> {
  const server = spawn(file, args, { ...owner, cwd: dir, stdio: 'ignore' })
  const ended = once(server, 'exit')
  for (let tries = 0; !(await listens(port)); tries++) {
    if (tries > 300 || server.exitCode !== null) throw new Error(`${file} does not start`)
    await delay(100)
  }
  return {
    port,
    user,
    async [Symbol.asyncDispose]() {
      server.kill('SIGKILL')
      await ended
      await rm(dir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function listens(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}
