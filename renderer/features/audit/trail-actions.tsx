import { useState } from 'react'
import type { AuditQuery } from '../../../shared/contract/audit.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { Button } from '../../ui/button.tsx'
import { countOf } from '../../ui/format.ts'
import { Status } from '../../ui/status.tsx'
import { useToast } from '../../ui/toast.tsx'

type Verdict = { state: 'none' | 'busy' } | { state: 'done'; entries: number; brokenAt: number | null }

/** Verify and export, with what came of it. */
export function TrailActions({ query, isFiltered }: { query: AuditQuery; isFiltered: boolean }) {
  const { client, queries, queryClient } = useApi()
  const toast = useToast()
  const [verdict, setVerdict] = useState<Verdict>({ state: 'none' })
  const [exporting, setExporting] = useState(false)
  const verify = async (): Promise<void> => {
    setVerdict({ state: 'busy' })
    try {
      const { entries, brokenAt } = await client.audit.verify({})
      setVerdict({ state: 'done', entries, brokenAt })
    } catch (error) {
      setVerdict({ state: 'none' })
      toast({ status: 'failed', title: problemOf(error).message })
    }
  }
  const write = async (): Promise<void> => {
    setExporting(true)
    try {
      const written = await client.audit.export({ ...query, commandId: crypto.randomUUID(), format: 'ndjson' })
      toast({ status: 'succeeded', title: `${countOf(written.entries, 'entry', 'entries')} written`, text: written.path })
    } catch (error) {
      toast({ status: 'failed', title: problemOf(error).message })
    } finally {
      setExporting(false)
      void queryClient.invalidateQueries({ queryKey: queries.audit.list.key() })
    }
  }
  return (
    <>
      {verdict.state === 'done' && <VerdictText entries={verdict.entries} brokenAt={verdict.brokenAt} />}
      <Button icon='quality' disabledReason={verdict.state === 'busy' ? 'It is being verified' : null} onClick={() => void verify()} title='Goes through every entry and its seal'>{verdict.state === 'busy' ? 'Verifying' : 'Verify trail'}</Button>
      <Button icon='exports' disabledReason={exporting ? 'It is being written' : null} onClick={() => void write()} title='NDJSON with the seals, into the exports folder'>{isFiltered ? 'Export these' : 'Export trail'}</Button>
    </>
  )
}

function VerdictText({ entries, brokenAt }: { entries: number; brokenAt: number | null }) {
  if (brokenAt === null) return <span role='status'><Status status='succeeded' text={`${countOf(entries, 'entry', 'entries')} as written`} /></span>
  return <span role='alert'><Status status='failed' text={`Broken at entry ${brokenAt}: it was changed, or one before it removed`} /></span>
}
