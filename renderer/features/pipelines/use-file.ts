import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { FileText } from '../../../shared/contract/pipelines.contract.ts'
import type { DataTypeOutline, Finding } from '../../../shared/contract/workspace.contract.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { useRested } from '../../ui/use-rested.ts'
import { useDrafts } from './drafts.store.ts'

/** After the last key, so that half a word is not called wrong. */
const REST_MS = 400

export interface EditedFile {
  /** As it is on disk; undefined while it is read. */
  onDisk: FileText | undefined
  problem: Problem | null
  /** As it is in the editor. */
  text: string
  isChanged: boolean
  /** The file on disk is no longer the one that was edited. */
  isOvertaken: boolean
  /** What is wrong with the workspace with the file as it is in the editor; null while that is not known. */
  findings: readonly Finding[] | null
  /** The steps of its data type as they would be then; those before stay until they are known. */
  dataType: DataTypeOutline | null
  write: (text: string) => void
  /** `over`: whatever the file is on disk by now. */
  save: (over?: boolean) => Promise<void>
  /** Back to what is on disk. */
  discard: () => void
  reload: () => void
}

/** A file of the pipelines, what was written into it, and what would be wrong then. */
export function useFile(path: string): EditedFile {
  const { client, queries, queryClient } = useApi()
  const read = useQuery(queries.pipelines.read.queryOptions({ input: { path } }))
  const draft = useDrafts((drafts) => drafts.byPath[path])
  const { write: keep, drop } = useDrafts((drafts) => drafts)
  const onDisk = read.data
  const text = draft?.text ?? onDisk?.text ?? ''
  const { findings, dataType } = useChecked(path, onDisk === undefined ? null : text)
  const write = useCallback(
    (next: string): void => {
      if (onDisk === undefined) return
      const base = draft?.base ?? onDisk.sha256
      if (next === onDisk.text && base === onDisk.sha256) drop(path)
      else keep(path, { text: next, base })
    },
    [path, onDisk, draft?.base, keep, drop],
  )
  const save = async (over = false): Promise<void> => {
    if (draft === undefined) return
    const expected = over ? (onDisk?.sha256 ?? draft.base) : draft.base
    const saved = await client.pipelines.save({ commandId: crypto.randomUUID(), path, text: draft.text, expected })
    queryClient.setQueryData(queries.pipelines.read.queryOptions({ input: { path } }).queryKey, { path, text: draft.text, sha256: saved.sha256 })
    drop(path)
    await queryClient.invalidateQueries({ queryKey: queries.workspace.key() })
  }
  return {
    onDisk,
    problem: read.error === null ? null : problemOf(read.error),
    text,
    isChanged: draft !== undefined,
    isOvertaken: draft !== undefined && onDisk !== undefined && draft.base !== onDisk.sha256,
    findings,
    dataType,
    write,
    save,
    discard: () => drop(path),
    reload: () => void read.refetch(),
  }
}

function useChecked(path: string, text: string | null): Pick<EditedFile, 'findings' | 'dataType'> {
  const { queries } = useApi()
  const rested = useRested(text, REST_MS)
  const check = useQuery({ ...queries.pipelines.check.queryOptions({ input: { path, text: rested ?? '' } }), enabled: rested !== null && text !== null, staleTime: 0, gcTime: 10_000, placeholderData: keepPreviousData })
  const isKnown = rested === text && !check.isPlaceholderData
  return { findings: isKnown ? (check.data?.findings ?? null) : null, dataType: check.data?.dataType ?? null }
}
