import { fork } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ProblemError } from '../../../../../shared/domain/problem.ts'
import type { ExtractResult, OpInput, WorkerInit, WorkerProcess } from '../../../workers/wire.ts'
import { createWorkerClient, type WorkerClient } from '../../../workers/worker-client.ts'

/** Work that a file of a few kilobytes can never need, in time of the processor, so that a busy machine is not taken for a hang. */
const HANG_CPU_MS = 10_000
/** Whatever the machine does besides. */
const HANG_MS = 180_000
const LOOK_MS = 250
/** What a worker takes by itself, and DuckDB beyond its own limit. */
const OVERHEAD_MB = 700

/** What must not happen, whatever a file holds. */
export class FuzzFault extends Error {}

/** The worker that runs extract files with, as a process of its own, so that one that dies, hangs or grows is seen and not suffered. */
export class FuzzWorker {
  #client: WorkerClient<'run'> | null = null

  async extract(input: OpInput<'run', 'extract'>, init: WorkerInit): Promise<ExtractResult> {
    this.#client ??= start(init)
    const client = this.#client
    const watch = watchWork(client)
    try {
      return await Promise.race([client.call('extract', input), watch.fault])
    } catch (error) {
      if (error instanceof FuzzFault) this.close()
      if (!(error instanceof ProblemError) || error.problem.code !== 'WORKER_CRASHED') throw error
      this.#client = null
      throw new FuzzFault(error.message)
    } finally {
      watch.stop()
      await this.#refuseGrown(init)
    }
  }

  async #refuseGrown(init: WorkerInit): Promise<void> {
    const peakMb = await peakMemoryMb(this.#client?.pid ?? null)
    if (peakMb <= init.memoryMb + OVERHEAD_MB) return
    this.close()
    throw new FuzzFault(`the worker took ${Math.round(peakMb)} MB`)
  }

  close(): void {
    this.#client?.kill()
    this.#client = null
  }
}

function start(init: WorkerInit): WorkerClient<'run'> {
  const child = fork(join(import.meta.dirname, '../../../workers/run.worker.ts'), [], { serialization: 'advanced', execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const worker: WorkerProcess = {
    pid: child.pid ?? null,
    post: (message) => void (child.connected && child.send(message as object)),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.on('exit', (code, signal) => listener(signal ?? `code ${code}`)),
    kill: () => void child.kill('SIGKILL'),
  }
  return createWorkerClient('run', worker, init)
}

function watchWork({ pid }: WorkerClient<'run'>): { fault: Promise<never>; stop(): void } {
  const begin = { at: Date.now(), cpuMs: null as number | null }
  let stop = (): void => undefined
  const fault = new Promise<never>((_, reject) => {
    const timer = setInterval(() => void look().catch(reject), LOOK_MS)
    stop = () => clearInterval(timer)
    const look = async (): Promise<void> => {
      const cpuMs = await processorMs(pid)
      begin.cpuMs ??= cpuMs
      const spentMs = cpuMs === null || begin.cpuMs === null ? 0 : cpuMs - begin.cpuMs
      if (spentMs > HANG_CPU_MS || Date.now() - begin.at > HANG_MS) throw new FuzzFault(`no end after ${spentMs} ms of work in ${Date.now() - begin.at} ms`)
    }
  })
  // Whoever waits for the work waits for this too; when the work is done first, nobody does.
  fault.catch(() => undefined)
  return { fault, stop: () => stop() }
}

/** Of a process, in user and system mode (proc(5), `stat` fields 14 and 15, in hundredths of a second); null where the system has no /proc. */
async function processorMs(pid: number | null): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null)
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields === undefined ? null : 10 * (Number(fields[11]) + Number(fields[12]))
}

/** The most memory a process ever had (proc(5), `VmHWM`); 0 where the system has no /proc. */
async function peakMemoryMb(pid: number | null): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '')
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1_024
}
