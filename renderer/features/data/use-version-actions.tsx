import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useCallback, useMemo, useState } from 'react'
import type { Version } from '../../../shared/contract/datasets.contract.ts'
import type { PublishChange } from '../../../shared/contract/publish.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { usePublishChange } from '../../api/use-publish.ts'
import { PublishDialog } from '../../ui/publish-dialog.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'
import { useToast } from '../../ui/toast.tsx'

export interface VersionActions {
  rollBackTo(version: Version): void
  pin(version: Version): void
  unpin(version: Version): void
}

type Asked = { what: 'rollback' | 'pin' | 'unpin'; version: Version }

/** What can be done with a version of a dataset, and the dialog that asks for the reason. */
export function useVersionActions(dataset: string): { actions: VersionActions; dialog: ReactNode } {
  const [asked, setAsked] = useState<Asked | null>(null)
  const close = useCallback(() => setAsked(null), [])
  const actions = useMemo<VersionActions>(
    () => ({
      rollBackTo: (version) => setAsked({ what: 'rollback', version }),
      pin: (version) => setAsked({ what: 'pin', version }),
      unpin: (version) => setAsked({ what: 'unpin', version }),
    }),
    [],
  )
  if (asked === null) return { actions, dialog: null }
  const dialog = asked.what === 'rollback' ? <RollBack dataset={dataset} version={asked.version} onClose={close} /> : <Pin dataset={dataset} what={asked.what} version={asked.version} onClose={close} />
  return { actions, dialog }
}

function RollBack({ dataset, version, onClose }: { dataset: string; version: Version; onClose: () => void }) {
  const toast = useToast()
  const change = useMemo<PublishChange>(() => ({ kind: 'rollback_dataset', dataset, version: version.version }), [dataset, version.version])
  const { preview, refused, apply } = usePublishChange(change)
  const confirm = async (reason: string): Promise<void> => {
    try {
      await apply(reason)
      toast({ status: 'succeeded', title: `${dataset} v${version.version} is current` })
    } catch (error) {
      const problem = problemOf(error)
      toast({ status: 'failed', title: problem.message, text: problem.hint ?? '' })
    }
  }
  return <PublishDialog title={`Make v${version.version} current again?`} confirm={`Make v${version.version} current`} preview={preview} refused={refused} onConfirm={(reason) => void confirm(reason)} onClose={onClose} />
}

function Pin({ dataset, what, version, onClose }: { dataset: string; what: 'pin' | 'unpin'; version: Version; onClose: () => void }) {
  const { client, queries } = useApi()
  const queryClient = useQueryClient()
  const toast = useToast()
  const confirm = async (reason: string): Promise<void> => {
    try {
      await client.storage[what]({ commandId: crypto.randomUUID(), dataset, version: version.version, reason })
    } catch (error) {
      const problem = problemOf(error)
      toast({ status: 'failed', title: problem.message, text: problem.hint ?? '' })
    } finally {
      for (const queryKey of [queries.datasets.key(), queries.storage.key()]) void queryClient.invalidateQueries({ queryKey })
    }
  }
  return (
    <ReasonDialog title={what === 'pin' ? `Keep v${version.version} whatever the retention policy says?` : `Let the retention policy decide about v${version.version} again?`} confirm={what === 'pin' ? `Pin v${version.version}` : `Unpin v${version.version}`} onConfirm={(reason) => void confirm(reason)} onClose={onClose}>
      <p className='t2'>{what === 'pin' ? `${dataset} v${version.version} of run #${version.runNumber} is never removed while it is pinned.` : `It was pinned because: ${version.pinReason ?? ''}`}</p>
    </ReasonDialog>
  )
}
