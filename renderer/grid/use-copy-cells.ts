import type { GridApi } from 'ag-grid-community'
import { useCallback, useEffect, useRef } from 'react'
import { problemOf } from '../api/problem-of.ts'
import { countOf } from '../ui/format.ts'
import { useToast } from '../ui/toast.tsx'
import { rawText } from './cell-format.ts'
import { copyCells, type CopyWhat } from './copy-cells.ts'
import type { GridMarks } from './grid-marks.ts'
import type { GridRow } from './grid-query.ts'
import type { ShownQuery } from './use-shown-query.ts'

interface CopyParts {
  readonly api: GridApi<GridRow> | null
  readonly shown: ShownQuery | null
  readonly marks: GridMarks
  readonly onCopied: (text: string) => void
}

/** Copies what is chosen, says how much that was, and when it was not all. */
export function useCopyCells(parts: CopyParts): (what: CopyWhat) => void {
  const toast = useToast()
  const latest = useRef(parts)
  latest.current = parts
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])
  return useCallback(
    ({ cell, format, header }) => {
      const { api, shown, marks, onCopied } = latest.current
      if (api === null || shown === null) return
      const { range } = marks
      // One cell is its value, as it is.
      if (range === null && format === 'tsv' && !header) return onCopied(rawText(cell.value))
      const bounds = range ?? { from: cell.rowIndex, to: cell.rowIndex, columns: [cell.column.name] }
      running.current?.abort()
      const abort = new AbortController()
      running.current = abort
      const copy = async (): Promise<void> => {
        const copied = await copyCells({ api, shown, bounds, format, header, signal: abort.signal })
        if (abort.signal.aborted) return
        onCopied(copied.text)
        const size = `${countOf(copied.rows, 'row')} × ${countOf(copied.columns, 'column')}`
        toast(copied.limit === null ? { status: 'succeeded', title: `Copied ${size}` } : { status: 'degraded', title: `Copied ${size}`, text: copied.limit })
      }
      void copy().catch((error: unknown) => {
        if (!abort.signal.aborted) toast({ status: 'failed', title: 'Nothing was copied', text: problemOf(error).message })
      })
    },
    [toast],
  )
}
