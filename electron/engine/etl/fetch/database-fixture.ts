import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import mysql from 'mysql2/promise'
import pg from 'pg'

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
  return serve({ dir, port, user: 'strata', file: join(bin, 'postgres'), owner, args: ['-D', data, '-p', String(port), '-k', dir, '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'], knock: knockPostgres })
}

export async function startMariadb(bin: string): Promise<DatabaseServer> {
  const { dir, owner, data } = newFolder('mariadb')
  const installer = [bin, ...USUAL].map((folder) => join(folder, 'mariadb-install-db')).find((path) => existsSync(path)) ?? ''
  execFileSync(installer, ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'], { ...owner, stdio: 'pipe', cwd: dir })
  const port = await freePort()
  return serve({ dir, port, user: 'root', file: join(bin, 'mariadbd'), owner, args: ['--no-defaults', `--datadir=${data}`, `--port=${port}`, '--bind-address=127.0.0.1', `--socket=${join(dir, 'socket')}`, `--pid-file=${join(dir, 'pid')}`], knock: knockMariadb })
}

async function knockPostgres(port: number): Promise<void> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'strata', database: 'postgres' })
  try {
    await client.connect()
  } finally {
    await client.end()
  }
}

async function knockMariadb(port: number): Promise<void> {
  const connection = await mysql.createConnection({ host: '127.0.0.1', port, user: 'root' })
  await connection.end()
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

/** Ends with this process, however that ends: the shell waits for its input to close. */
const KEPT = '"$@" <&- & server=$!; read -r _; kill -9 $server; wait'

interface Serving {
  dir: string
  port: number
  user: string
  file: string
  args: string[]
  owner: Owner
  /** Throws while nobody can be let in. */
  knock(port: number): Promise<void>
}

async function serve({ dir, port, user, file, args, owner, knock }: Serving): Promise<DatabaseServer> {
  const server = spawn('/bin/sh', ['-c', KEPT, 'sh', file, ...args], { ...owner, cwd: dir, stdio: ['pipe', 'ignore', 'ignore'] })
  const ended = once(server, 'exit')
  const stop = async (): Promise<void> => {
    server.stdin.end()
    await ended
    await rm(dir, { recursive: true, force: true, maxRetries: 5 })
  }
  for (let tries = 0; ; tries++) {
    try {
      await knock(port)
      return { port, user, [Symbol.asyncDispose]: stop }
    } catch (error) {
      if (tries <= MOST_TRIES && server.exitCode === null) {
        await delay(100)
        continue
      }
      await stop()
      throw new Error(`${file} does not start`, { cause: error })
    }
  }
}

const MOST_TRIES = 300

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}
