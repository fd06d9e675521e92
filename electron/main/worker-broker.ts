import { MessageChannelMain, type MessagePortMain, utilityProcess, type UtilityProcess } from 'electron'
import { join } from 'node:path'
import type { FromEngine, ToEngine } from '../../shared/contract/engine-process.contract.ts'

type WorkerKind = Extract<FromEngine, { type: 'worker:spawn' }>['kind']

export interface WorkerBroker {
  spawn(id: number, kind: WorkerKind): void
  kill(id: number): void
  killAll(): void
}

/** DuckDB runs each query on libuv's pool; with the usual four threads, four long queries would starve page reads and files. */
const UV_THREADS = '16'

/** Starts worker processes for one engine process, which cannot do so itself, and gives both ends a port. */
export function createWorkerBroker(workersDir: string, tellEngine: (message: ToEngine, ports?: MessagePortMain[]) => void): WorkerBroker {
  const workers = new Map<number, UtilityProcess>()
  const killed = new Set<number>()
  const kill = (id: number): void => {
    const worker = workers.get(id)
    if (worker === undefined) return
    killed.add(id)
    end(worker)
  }
  return {
    spawn(id, kind) {
      const worker = utilityProcess.fork(join(workersDir, `${kind}.worker.js`), [], {
        serviceName: `Strata ${kind} worker`,
        env: { ...process.env, UV_THREADPOOL_SIZE: UV_THREADS },
      })
      workers.set(id, worker)
      const { port1, port2 } = new MessageChannelMain()
      worker.on('spawn', () => {
        worker.postMessage({ type: 'port' }, [port2])
        tellEngine({ type: 'worker:started', id, pid: worker.pid ?? null }, [port1])
      })
      worker.on('exit', (code) => {
        workers.delete(id)
        tellEngine({ type: 'worker:gone', id, reason: killed.delete(id) ? 'it was killed' : `it exited with code ${code}` })
      })
    },
    kill,
    killAll() {
      for (const id of [...workers.keys()]) kill(id)
    },
  }
}

/** The way of utilityProcess asks politely; a worker deep in a native call does not hear that. */
function end(worker: UtilityProcess): void {
  try {
    if (worker.pid !== undefined && process.platform !== 'win32') process.kill(worker.pid, 'SIGKILL')
    else worker.kill()
  } catch {
    // It has ended meanwhile, and 'exit' tells.
    worker.kill()
  }
}
