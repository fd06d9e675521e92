import { useCallback, useEffect, useRef, useState } from 'react'
import type { LogLine, RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { refOf } from '../../api/use-run-commands.ts'

const FIRST = 500
const MORE = 5_000
/** The window never holds more; the file on disk does. */
const KEEP = 20_000
const FETCH_EVERY_MS = 250

export interface RunLog {
  lines: readonly LogLine[]
  isPending: boolean
  problem: Problem | null
  /** Earlier lines than the first one shown may exist. */
  mayHaveEarlier: boolean
  loadFromStart: () => void
}

/** The tail of one run's log, growing as the engine says that there is more. For another run, mount it anew. */
export function useRunLog(run: RunRef): RunLog {
  const { client, feed } = useApi()
  const { dataType, runNumber } = run
  const [lines, setLines] = useState<readonly LogLine[]>([])
  const [isPending, setPending] = useState(true)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [fromStart, setFromStart] = useState(false)
  const last = useRef<number | null>(null)
  const append = useCallback((more: readonly LogLine[]) => {
    const fresh = more.filter((line) => last.current === null || line.seq > last.current)
    if (fresh.length === 0) return
    last.current = fresh.at(-1)?.seq ?? last.current
    setLines((held) => [...held, ...fresh].slice(-KEEP))
  }, [])

  useEffect(() => {
    const ended = new AbortController()
    let timer: ReturnType<typeof setTimeout> | null = null
    const read = async (): Promise<void> => {
      timer = null
      try {
        const place = last.current === null ? (fromStart ? { afterSeq: 0, limit: MORE } : { limit: FIRST }) : { afterSeq: last.current, limit: MORE }
        const answer = await client.runs.logs({ run: refOf({ dataType, runNumber }), ...place }, { signal: ended.signal })
        if (ended.signal.aborted) return
        append(answer.lines)
        setProblem(null)
      } catch (error) {
        if (!ended.signal.aborted) setProblem(problemOf(error))
      }
      setPending(false)
    }
    void read()
    const unsubscribe = feed.subscribe((events) => {
      if (events.some((event) => event.dataType === dataType && event.runNumber === runNumber)) timer ??= setTimeout(() => void read(), FETCH_EVERY_MS)
    })
    return () => {
      ended.abort()
      unsubscribe()
      if (timer !== null) clearTimeout(timer)
    }
  }, [client, feed, dataType, runNumber, fromStart, append])

  const loadFromStart = (): void => {
    last.current = null
    setLines([])
    setPending(true)
    setFromStart(true)
  }
  return { lines, isPending, problem, mayHaveEarlier: !fromStart && lines.length >= FIRST, loadFromStart }
}
