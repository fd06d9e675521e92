import { useEffect, useState } from 'react'
import type { LogHit } from '../../../shared/contract/logs.contract.ts'
import type { LogLine } from '../../../shared/contract/runs.contract.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'

const LIMIT = 2_000

export interface LogSearchState {
  hits: readonly LogHit[]
  searched: number
  total: number
  isTruncated: boolean
  isOver: boolean
  problem: Problem | null
}

const NOTHING: LogSearchState = { hits: [], searched: 0, total: 0, isTruncated: false, isOver: false, problem: null }

/** Lines of logs that hold the text, arriving while the search goes on; another text, or leaving, ends it. */
export function useLogSearch({ text, level, dataType }: { text: string; level: LogLine['level']; dataType: string | undefined }): LogSearchState {
  const { client } = useApi()
  const [state, setState] = useState(NOTHING)
  useEffect(() => {
    setState(NOTHING)
    if (text === '') return
    const ended = new AbortController()
    const run = async (): Promise<void> => {
      try {
        const batches = await client.logs.search({ text, level, limit: LIMIT, ...(dataType === undefined ? {} : { dataType }) }, { signal: ended.signal })
        for await (const { hits, searched, total, isTruncated } of batches) {
          if (ended.signal.aborted) return
          setState((before) => ({ ...before, hits: hits.length === 0 ? before.hits : [...before.hits, ...hits], searched, total, isTruncated }))
        }
        setState((before) => ({ ...before, isOver: true }))
      } catch (error) {
        if (!ended.signal.aborted) setState((before) => ({ ...before, isOver: true, problem: problemOf(error) }))
      }
    }
    void run()
    return () => ended.abort()
  }, [client, text, level, dataType])
  return state
}
