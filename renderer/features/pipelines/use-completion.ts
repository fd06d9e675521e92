import { useQuery } from '@tanstack/react-query'
import { useMemo, useRef } from 'react'
import type { PipelineFile } from '../../../shared/contract/pipelines.contract.ts'
import { useApi } from '../../api/api.tsx'
import type { CompletionContext, CompletionResult, CompletionSource } from '../../editor/code-editor.tsx'
import { duckdbLanguage } from '../../editor/duckdb-language.ts'
import { fileLanguage, type Language } from '../../editor/file-language.ts'
import { sqlCompletion } from '../../editor/sql-completion.ts'

/** The language of a file, and what can be written next; names of datasets are known to SQL alone. */
export function useCompletion({ path, kind }: PipelineFile): { language: Language; complete: CompletionSource } {
  const { queries } = useApi()
  const names = useQuery({ ...queries.query.names.queryOptions({ input: {} }), enabled: kind === 'sql' })
  const latest = useRef(names.data)
  latest.current = names.data
  return useMemo(() => {
    const complete = (context: CompletionContext): CompletionResult | null => (latest.current === undefined ? null : sqlCompletion(latest.current, context))
    return { language: kind === 'sql' ? duckdbLanguage() : fileLanguage(path), complete: kind === 'sql' ? complete : () => null }
  }, [path, kind])
}
