import { useState } from 'react'
import type { Run, RunEntity } from '../../../shared/contract/runs.contract.ts'
import { FINISHED_RUN_STATES, RESUMABLE_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { useApi } from '../../api/api.tsx'
import { refOf } from '../../api/use-run-commands.ts'
import { useDecisions } from '../../api/use-decisions.ts'
import { Button } from '../../ui/button.tsx'
import { countOf } from '../../ui/format.ts'
import { useRunToasts } from '../../ui/run-toasts.ts'
import { ENTITY_CHOICES, MarkDialog } from './mark-dialog.tsx'

/** The engine takes as many in one decision. */
const MOST = 10_000
const PAGE = 5_000

interface MarkEntitiesProps {
  run: Run
  /** The step that is looked at, or the only one; null: which is meant is not clear. */
  dataset: string | null
  /** The chosen row. */
  entity: RunEntity | null
  failed: number
}

/** Buttons for the chosen entity and for all that failed. */
export function MarkEntities({ run, dataset, entity, failed }: MarkEntitiesProps) {
  const { client } = useApi()
  const toasts = useRunToasts()
  const decisions = useDecisions(toasts.onProblem)
  const [asking, setAsking] = useState<{ dataset: string; entities: readonly string[] | null } | null>(null)
  if (!FINISHED_RUN_STATES.has(run.state)) return null
  const mayResume = RESUMABLE_RUN_STATES.has(run.state)
  const choices = mayResume ? ENTITY_CHOICES : ENTITY_CHOICES.slice(0, 1)
  const isMarkable = entity !== null && (mayResume ? entity.state !== 'succeeded' : entity.state === 'failed' || entity.state === 'quarantined')
  const allFailed = async (step: string): Promise<string[]> => {
    const ids: string[] = []
    while (ids.length < MOST) {
      const page = await client.runs.entities({ run: refOf(run), dataset: step, states: ['failed', 'quarantined'], offset: ids.length, limit: PAGE })
      ids.push(...page.entities.map(({ entityId }) => entityId))
      if (page.entities.length < PAGE) break
    }
    return ids.slice(0, MOST)
  }
  return (
    <>
      {isMarkable && <Button small icon='person' iconSize={12} onClick={() => setAsking({ dataset: entity.dataset, entities: [entity.entityId] })}>Mark {entity.entityId}</Button>}
      {failed > 1 && dataset !== null && <Button small icon='person' iconSize={12} onClick={() => setAsking({ dataset, entities: null })}>Mark all failed</Button>}
      {asking !== null && (
        <MarkDialog
          title={asking.entities === null ? `Mark ${countOf(Math.min(failed, MOST), 'failed entity', 'failed entities')}` : `Mark ${asking.entities.join(', ')}`}
          choices={choices}
          mayResume={mayResume}
          onClose={() => setAsking(null)}
          onMark={(mark) => void (async () => decisions.markEntities({ run, dataset: asking.dataset, ...mark }, asking.entities ?? (await allFailed(asking.dataset))))()}
        />
      )}
    </>
  )
}
