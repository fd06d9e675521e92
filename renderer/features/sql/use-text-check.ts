import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { CheckedStatement } from '../../../shared/contract/sql-pad.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { useApi } from '../../api/api.tsx'
import type { EditorMark } from '../../editor/code-editor.tsx'
import { useRested } from '../../ui/use-rested.ts'
import { momentOf } from './use-query-runs.ts'

/** After the last key, so that half a word is not called wrong. */
const REST_MS = 350

interface TextCheck {
  /** Of the text as it is; empty while it has not been looked at. */
  marks: readonly EditorMark[]
  /** Of the text as it was last looked at. */
  statements: readonly CheckedStatement[]
}

const NO_MARKS: readonly EditorMark[] = []
const NO_STATEMENTS: readonly CheckedStatement[] = []

/** What is wrong with a text, and what it reads, a moment after somebody stopped writing. */
export function useTextCheck(text: string, { asOf, pins }: { asOf: RunRef | null; pins: Readonly<Record<string, number>> }): TextCheck {
  const { queries } = useApi()
  const rested = useRested(text, REST_MS)
  const input = { sql: rested, ...momentOf({ asOf, pins }) }
  const { data, isPlaceholderData } = useQuery({ ...queries.query.check.queryOptions({ input }), enabled: rested.trim() !== '', placeholderData: keepPreviousData })
  const isOfText = rested === text && !isPlaceholderData
  const marks = useMemo(() => (isOfText ? marksOf(data?.statements ?? NO_STATEMENTS) : NO_MARKS), [isOfText, data])
  return { marks, statements: rested.trim() === '' ? NO_STATEMENTS : (data?.statements ?? NO_STATEMENTS) }
}

function marksOf(statements: readonly CheckedStatement[]): EditorMark[] {
  return statements.flatMap(({ problem }) => (problem === null ? [] : [{ from: problem.from, to: problem.to, severity: 'error' as const, message: [problem.message, problem.hint].filter((part) => part !== null).join('\n') }]))
}
