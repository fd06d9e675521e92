import { ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import { createRequire, syncBuiltinESMExports } from 'node:module'

/**
 * Loaded into the command line and its workers with `--import`, for the crash suite. It counts the moments at which a process that
 * dies could leave disk and ledger apart: before and after each sync, rename, removal and truncation of a file, each write of a journal
 * and removal of a folder (and in the middle of it), each commit, each message between engine and worker. At the moment that `STRATA_CRASH_AT` names, the
 * process kills itself as a power cut would: without a chance to tidy up.
 *
 * `STRATA_CRASH_AT` is `engine:17` or `worker:4`; the file `STRATA_CRASH_ONCE` is removed by the process that dies, so that only one does.
 * With `STRATA_CRASH_LOG` the moments are written down instead, one a line.
 */
const role = process.send === undefined ? 'engine' : 'worker'
const [target, nth] = (process.env['STRATA_CRASH_AT'] ?? '').split(':')
const fuse = process.env['STRATA_CRASH_ONCE']
const log = process.env['STRATA_CRASH_LOG']
let count = 0

/** @returns true when the process is to die now, and the caller wants to leave something half done first */
function isTheMoment(name: string): boolean {
  count += 1
  if (log !== undefined) fs.appendFileSync(log, `${role}:${count} ${name}\n`)
  return target === role && count === Number(nth) && fuse !== undefined && fs.existsSync(fuse)
}

function die(): never {
  if (fuse !== undefined) fs.unlinkSync(fuse)
  process.kill(process.pid, 'SIGKILL')
  // The signal needs no help; this only keeps the thread from going on until it arrives.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  throw new Error('killed')
}

function moment(name: string): void {
  if (isTheMoment(name)) die()
}

type Work = (...args: unknown[]) => unknown
type Transaction = Work & { immediate: Work }
type AsyncMethod = (...args: unknown[]) => Promise<unknown>

function around(owner: object, name: string, label = name): void {
  const original = Reflect.get(owner, name) as AsyncMethod
  Reflect.set(owner, name, async function (this: unknown, ...args: unknown[]) {
    moment(`before ${label}`)
    const result = await Reflect.apply(original, this, args)
    moment(`after ${label}`)
    return result
  })
}

const handle = await fs.promises.open(import.meta.filename, 'r')
const handles = Object.getPrototypeOf(handle) as object
await handle.close()
for (const name of ['sync', 'datasync', 'truncate']) around(handles, name)
for (const name of ['rename', 'chmod']) around(fs.promises, name)

const remove = fs.promises.rm
Reflect.set(fs.promises, 'rm', async (target: string, options: fs.RmOptions) => {
  moment('before rm')
  const isFolder = fs.statSync(target, { throwIfNoEntry: false })?.isDirectory() === true
  if (isFolder && isTheMoment('half a removal')) {
    for (const name of fs.readdirSync(target).slice(0, 1)) fs.rmSync(`${target}/${name}`, { recursive: true })
    die()
  }
  await remove(target, options)
  moment('after rm')
})

const appendFile = Reflect.get(handles, 'appendFile') as (data: Buffer) => Promise<void>
Reflect.set(handles, 'appendFile', async function (this: fs.promises.FileHandle, data: Buffer) {
  moment('before journal write')
  if (isTheMoment('half a journal write')) {
    fs.writeSync(this.fd, data, 0, Math.floor(data.length / 2))
    die()
  }
  await Reflect.apply(appendFile, this, [data])
  moment('after journal write')
})
syncBuiltinESMExports()

/** Progress and memory come by the clock; counting them would make the number of a moment mean something else each time. */
function isByTheClock(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'type' in message && ['progress', 'memory', 'log'].includes(String(message.type))
}

function aroundMessages(owner: object, name: 'send' | 'emit'): void {
  const original = Reflect.get(owner, name) as (...args: unknown[]) => unknown
  Reflect.set(owner, name, function (this: unknown, ...args: unknown[]) {
    const isMessage = name === 'send' ? !isByTheClock(args[0]) : args[0] === 'message' && !isByTheClock(args[1])
    if (isMessage) moment(`before message ${name === 'send' ? 'out' : 'in'}`)
    const result = Reflect.apply(original, this, args)
    if (isMessage) moment(`after message ${name === 'send' ? 'out' : 'in'}`)
    return result
  })
}

if (role === 'worker') {
  aroundMessages(process, 'send')
  aroundMessages(process, 'emit')
} else {
  aroundMessages(ChildProcess.prototype, 'send')
  aroundMessages(ChildProcess.prototype, 'emit')
  const Database = createRequire(import.meta.url)('better-sqlite3') as { prototype: { transaction(work: Work): Transaction } }
  const { transaction } = Database.prototype
  Database.prototype.transaction = function (work) {
    const inner = Reflect.apply(transaction, this, [
      (...args: unknown[]) => {
        const result = work(...args)
        moment('before commit')
        return result
      },
    ])
    const committed = (commit: Work): Work => (...args) => {
      const result = commit(...args)
      moment('after commit')
      return result
    }
    return Object.assign(committed(inner), { immediate: committed(inner.immediate) })
  }
}
