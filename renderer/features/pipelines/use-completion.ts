import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'
import type { PipelineFile } from '../../../shared/contract/pipelines.contract.ts'
import type { SqlNames } from '../../../shared/contract/sql-pad.contract.ts'
import { useApi } from '../../api/api.tsx'
import type { CompletionContext, CompletionResult, CompletionSource } from '../../editor/code-editor.tsx'
import { duckdbLanguage } from '../../editor/duckdb-language.ts'
import { fileLanguage, type Language } from '../../editor/file-language.ts'
import { sqlCompletion } from '../../editor/sql-completion.ts'
import { loadYamlSchema, yamlCompletion, type YamlKind } from './yaml-completion.ts'
import { yamlNames } from './yaml-names.ts'

const YAML_KINDS: Partial<Record<PipelineFile['kind'], YamlKind>> = { workspace: 'workspace', pipeline: 'pipeline', contract: 'contract', test: 'test' }

/** The language of a file, and what can be written next. */
export function useCompletion(file: PipelineFile): { language: Language; complete: CompletionSource } {
  const { path, kind } = file
  const { queries } = useApi()
  const yamlKind = YAML_KINDS[kind]
  const names = useQuery({ ...queries.query.names.queryOptions({ input: {} }), enabled: kind === 'sql' || yamlKind !== undefined })
  const latest = useRef<SqlNames | undefined>(names.data)
  latest.current = names.data
  const schema = useRef<Awaited<ReturnType<typeof loadYamlSchema>> | null>(null)
  useEffect(() => {
    if (yamlKind !== undefined) void loadYamlSchema(yamlKind).then((loaded) => (schema.current = loaded))
  }, [yamlKind])
  return useMemo(() => {
    const complete = (context: CompletionContext): CompletionResult | null => {
      if (kind === 'sql') return latest.current === undefined ? null : sqlCompletion(latest.current, context)
      return schema.current === null ? null : yamlCompletion(schema.current, yamlNames(file, latest.current?.datasets ?? []), context)
    }
    return { language: kind === 'sql' ? duckdbLanguage() : fileLanguage(path), complete }
  }, [file, path, kind])
}
