import { readdirSync, readFileSync } from 'node:fs'

/** What a process and all its descendants took, as the system counts it. */
export interface FamilyUse {
  /** Highest sum of resident memory, in MB. Pages that processes share count once for each. */
  peakMb: number
  /** Processor time in seconds. Unlike the time on the clock, what else runs on the machine hardly changes it. */
  cpuSeconds: number
}

export interface FamilyWatch {
  /** Null where the system does not tell (all but Linux). */
  stop(): FamilyUse | null
}

const CLOCK_TICKS_PER_SECOND = 100
const PAGE_BYTES = 4_096

const INTERVAL_MS = 250

/** Samples this process or another with what it starts, four times a second; of a process that ends, what it took since the last sample is lost. */
export function watchFamily(root = process.pid): FamilyWatch {
  if (process.platform !== 'linux') return { stop: () => null }
  const before = new Map(family(root).map(({ pid, cpuTicks }) => [pid, cpuTicks]))
  const cpuTicks = new Map<number, number>()
  let peakBytes = 0
  const sample = (): void => {
    const members = family(root)
    for (const member of members) cpuTicks.set(member.pid, member.cpuTicks - (before.get(member.pid) ?? 0))
    peakBytes = Math.max(peakBytes, members.reduce((sum, { residentBytes }) => sum + residentBytes, 0))
  }
  const timer = setInterval(sample, INTERVAL_MS)
  return {
    stop() {
      clearInterval(timer)
      sample()
      const ticks = [...cpuTicks.values()].reduce((sum, value) => sum + value, 0)
      return { peakMb: Math.round(peakBytes / 1_000_000), cpuSeconds: ticks / CLOCK_TICKS_PER_SECOND }
    },
  }
}

interface Member {
  pid: number
  parent: number
  residentBytes: number
  cpuTicks: number
}

function family(root: number): Member[] {
  const living = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => readMember(pid))
  const pids = new Set([root])
  // A child's number is usually higher than its parent's; the second pass catches those that wrapped around.
  for (let pass = 0; pass < 2; pass++) for (const { pid, parent } of living) if (pids.has(parent)) pids.add(pid)
  return living.filter(({ pid }) => pids.has(pid))
}

/** Empty for a process that ended meanwhile. */
function readMember(pid: string): Member[] {
  try {
    // Behind the name, which may hold anything, the fields are plain; the numbers are those of proc(5), counted from the third.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const field = (number: number): number => Number(fields[number - 3])
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return [{ pid: Number(pid), parent: field(4), cpuTicks: field(14) + field(15), residentBytes: field(24) * PAGE_BYTES }]
  } catch {
    return []
  }
}
