import { readdirSync, readFileSync } from 'node:fs'

export interface MemoryWatch {
  /** Highest sum of the resident memory of this process and all its descendants, in MB; null where the system does not tell. */
  stop(): number | null
}

/** Samples every `intervalMs`. Pages that processes share count once for each. */
export function watchMemory(intervalMs = 150): MemoryWatch {
  let peakBytes = 0
  const sample = (): void => {
    peakBytes = Math.max(peakBytes, familyBytes())
  }
  const timer = setInterval(sample, intervalMs)
  sample()
  return {
    stop() {
      clearInterval(timer)
      sample()
      return process.platform === 'linux' ? Math.round(peakBytes / 1_000_000) : null
    },
  }
}

function familyBytes(): number {
  if (process.platform !== 'linux') return 0
  const living = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => processFacts(pid))
  const family = new Set([process.pid])
  // A child's number is usually higher than its parent's; the second pass catches those that wrapped around.
  for (let pass = 0; pass < 2; pass++) for (const { pid, parent } of living) if (family.has(parent)) family.add(pid)
  return living.filter(({ pid }) => family.has(pid)).reduce((sum, { residentBytes }) => sum + residentBytes, 0)
}

/** Empty for a process that ended meanwhile. */
function processFacts(pid: string): { pid: number; parent: number; residentBytes: number }[] {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0)
    const residentKb = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0)
    return [{ pid: Number(pid), parent, residentBytes: residentKb * 1_024 }]
  } catch {
    return []
  }
}
