import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'
import type { PipelineFile } from '../../../shared/contract/pipelines.contract.ts'
import type { DataTypeOutline } from '../../../shared/contract/workspace.contract.ts'
import type { SqlNames } from '../../../shared/contract/sql-pad.contract.ts'
import { useApi } from '../../api/api.tsx'
import type { CompletionContext, CompletionResult, CompletionSource } from '../../editor/code-editor.tsx'
import { duckdbLanguage } from '../../editor/duckdb-language.ts'
import { fileLanguage, type Language } from '../../editor/file-language.ts'
import { sqlCompletion } from '../../editor/sql-completion.ts'
import { completeProcessor, type ProcessorNames } from './complete-processor.ts'
import { loadYamlSchema, yamlCompletion, type YamlKind } from './yaml-completion.ts'
import { yamlNames } from './yaml-names.ts'

const YAML_KINDS: Partial<Record<PipelineFile['kind'], YamlKind>> = { workspace: 'workspace', pipeline: 'pipeline', contract: 'contract', test: 'test' }

/** The language of a file, and what can be written next. */
export function useCompletion(file: PipelineFile, dataType: DataTypeOutline | null): { language: Language; complete: CompletionSource } {
  const { path, kind } = file
  const { queries } = useApi()
  const yamlKind = YAML_KINDS[kind]
  const names = useQuery({ ...queries.query.names.queryOptions({ input: {} }), enabled: kind === 'sql' || kind === 'processor' || yamlKind !== undefined })
  const latest = useRef<SqlNames | undefined>(names.data)
  latest.current = names.data
  const outline = useRef(dataType)
  outline.current = dataType
  const schema = useRef<Awaited<ReturnType<typeof loadYamlSchema>> | null>(null)
  useEffect(() => {
    if (yamlKind !== undefined) void loadYamlSchema(yamlKind).then((loaded) => (schema.current = loaded))
  }, [yamlKind])
  return useMemo(() => {
    const complete = (context: CompletionContext): CompletionResult | null => {
      if (kind === 'sql') return latest.current === undefined ? null : sqlCompletion(latest.current, context)
      if (kind === 'processor') return processorCompletion(processorNames(file, outline.current, latest.current?.datasets ?? []), context)
      return schema.current === null ? null : yamlCompletion(schema.current, yamlNames(file, latest.current?.datasets ?? []), context)
    }
    return { language: kind === 'sql' ? duckdbLanguage() : fileLanguage(path), complete }
  }, [file, path, kind])
}

/** Columns of what the step reads and of what it made the last time. */
function processorNames({ dataset }: PipelineFile, dataType: DataTypeOutline | null, datasets: SqlNames['datasets']): ProcessorNames {
  const inputs = dataType?.steps.find((step) => step.dataset === dataset)?.inputs ?? []
  const columnsOf = (id: string | null): ProcessorNames['columns'] => datasets.find((known) => known.dataset === id)?.columns ?? []
  return { columns: inputs.flatMap(columnsOf), made: columnsOf(dataset), parameters: dataType?.parameters.map(({ name }) => name) ?? [] }
}

/** While a name is typed, after a dot or a quote, and wherever it is asked for. */
function processorCompletion(names: ProcessorNames, { state, pos, explicit }: CompletionContext): CompletionResult | null {
  const text = state.doc.toString()
  if (!explicit && !/[\p{L}\p{N}_$.'"]/u.test(text[pos - 1] ?? '')) return null
  const { from, options } = completeProcessor(names, text, pos)
  return options.length === 0 ? null : { from, options: options.map(({ label, apply, kind, detail }) => ({ label, apply, type: kind, detail })), validFor: /^[\w$]*$/ }
}
