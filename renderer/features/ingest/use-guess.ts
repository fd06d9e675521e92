import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Declaration, IngestPreview, Sniffed, SourceGuess } from '../../../shared/contract/ingest.contract.ts'
import { columnsOf, withColumns } from '../../../shared/domain/source-declaration.ts'
import { useApi } from '../../api/api.tsx'

const SETTLE_MS = 250
const SHOWN_ROWS = 100
/** Enough of a source of many files to show how it is read. */
const SHOWN_FILES = 20
const LOOK_EVERY_MS = 400
/** Files do not change under an open form often enough to look again by itself. */
const KEPT = { staleTime: Number.POSITIVE_INFINITY, gcTime: 5 * 60_000, retry: false } as const

export interface Sniffing {
  data: Sniffed | undefined
  error: Error | null
  progress: { share: number | null; note: string | null } | null
  refetch: () => void
}

/** What the files are; goes on in the engine until it is known or nobody waits any longer. */
export function useSniff(paths: readonly string[], isStopped: boolean): Sniffing {
  const { queries } = useApi()
  const [watch] = useState(() => crypto.randomUUID())
  const sniff = useQuery({ ...queries.ingest.sniff.queryOptions({ input: { paths: [...paths], watch } }), ...KEPT, enabled: paths.length > 0 && !isStopped })
  const progress = useQuery({ ...queries.ingest.progress.queryOptions({ input: { watch } }), enabled: sniff.isFetching, refetchInterval: LOOK_EVERY_MS, gcTime: 0 })
  return { data: sniff.data, error: sniff.error, progress: progress.data ?? null, refetch: () => void sniff.refetch() }
}

/** The same files read as the frame says; the first guess while nothing was changed. */
export function useGuessOf(first: SourceGuess, frame: Declaration | null): { guess: SourceGuess; isBusy: boolean; error: Error | null } {
  const { queries } = useApi()
  const settled = useSettled(frame)
  const again = useQuery({
    ...queries.ingest.sniff.queryOptions({ input: { paths: first.files, declaration: settled ?? {} } }),
    ...KEPT,
    enabled: settled !== null,
    placeholderData: keepPreviousData,
  })
  const [found] = again.data?.sources ?? []
  const guess = frame === null || found === undefined ? first : asTold(first, found, frame)
  return { guess, isBusy: frame !== settled || again.isFetching, error: settled === null ? null : again.error }
}

/** What was found out about the file stays; what the reading comes to is new. */
function asTold(first: SourceGuess, found: SourceGuess, frame: Declaration): SourceGuess {
  const { name, recordPaths, parts, head, nested } = first
  const doubts = [...first.doubts.filter(({ about }) => !OF_READING.has(about)), ...found.doubts.filter(({ about }) => OF_READING.has(about))]
  return { ...found, name, found: first.found, doubts, recordPaths, parts, head, nested, declaration: withColumns(frame, columnsOf(found.declaration)) }
}

/** Doubts that another reading may end, or bring. */
const OF_READING: ReadonlySet<string> = new Set(['records', 'null'])

/** The first rows as a run would load them. A change asks anew once typing rests, and ends what was asked before. */
export function usePreview(guess: SourceGuess, declaration: Declaration): { preview: IngestPreview | undefined; isBusy: boolean; error: Error | null } {
  const { queries } = useApi()
  const text = JSON.stringify(declaration)
  const settled = useSettled(text)
  const input = { paths: guess.files.slice(0, SHOWN_FILES), declaration: settled === text ? declaration : asDeclaration(settled), limit: SHOWN_ROWS }
  const { data, isFetching, error } = useQuery({ ...queries.ingest.preview.queryOptions({ input }), ...KEPT, enabled: guess.cannot === null, placeholderData: keepPreviousData })
  return { preview: data, isBusy: settled !== text || isFetching, error }
}

function asDeclaration(text: string): Declaration {
  return JSON.parse(text)
}

/** The value once it has not changed for a moment. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
