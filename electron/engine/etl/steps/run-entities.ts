import { errorClassSchema } from '../../../../shared/domain/error-class.ts'
import { openDuck } from '../../query/duckdb.ts'
import type { EntityBatch, EntityOutcome, OpInput, OpOutput } from '../../workers/wire.ts'
import type { OpContext } from '../../workers/worker-server.ts'
import { type Journal, openJournal } from '../journal.ts'
import { BatchTypes } from './batch-types.ts'
import { type EntityRows, openEntityInput } from './entity-input.ts'
import { refuseMissingKey } from './entity-reads.ts'
import { loadProcessor } from './load-processor.ts'
import { type EntityWork, type ProcessedEntity, processEntity } from './process-entity.ts'
import { resultColumns } from './result-columns.ts'

/** A batch goes to disk and into the ledger when one of these is reached, so that slow processors stay durable too. */
const FLUSH_ENTITIES = 500
const FLUSH_MS = 1_000
const FLUSH_ROWS = 20_000

/** Calls the processor for every entity of the file; rows reach the journal, then outcomes the ledger, batch by batch. */
export async function runEntities(input: OpInput<'run', 'entity'>, context: OpContext<EntityBatch>): Promise<OpOutput<'run', 'entity'>> {
  refuseMissingKey(input.source, input.key)
  const processor = await loadProcessor(input.processorPath)
  using duck = await openDuck(context.init)
  await using journal = await openJournal(input.journalPath)
  const entities = await openEntityInput(duck, { ...input, signal: context.signal })
  const work: EntityWork = { ...input, processor, signal: context.signal, log: (text) => context.log('info', text) }
  using checking = await duck.another()
  const types = new BatchTypes(checking, resultColumns(processor.result, input.key), `${input.journalPath}.batch`)
  using batcher = createBatcher({ journal, types, context })
  let processed = 0
  for await (const batch of entities.batches(context.signal)) {
    await forEachConcurrently(batch, input.concurrency, async ({ entityId, rows }: EntityRows) => {
      context.signal.throwIfAborted()
      const outcome = rows.length === 0 ? missing(input.key, entityId) : await processEntity(entityId, rows, work)
      batcher.add(entityId, outcome)
      processed += 1
      context.progress({ share: processed / entities.entityCount, note: null })
      if (batcher.isDue()) await batcher.flush()
    })
  }
  await batcher.flush()
  return { processed }
}

function missing(key: string, entityId: string): ProcessedEntity {
  return { state: 'failed', error: `No input row has ${key} "${entityId}"`, errorClass: errorClassSchema.enum.bad_data, attempts: 1, durationMs: 0 }
}

interface BatchParts {
  journal: Journal
  types: BatchTypes
  context: OpContext<EntityBatch>
}

interface Entry {
  outcome: EntityOutcome
  data: readonly Record<string, unknown>[]
}

interface Batcher extends Disposable {
  add(entityId: string, done: ProcessedEntity): void
  isDue(): boolean
  flush(): Promise<void>
}

function createBatcher({ journal, types, context }: BatchParts): Batcher {
  let entries: Entry[] = []
  let rowCount = 0
  let openedAt = performance.now()
  let flushing: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | null = null

  const stopTimer = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = null
  }
  const write = async (): Promise<void> => {
    if (entries.length === 0) return
    stopTimer()
    const batch = entries
    entries = []
    rowCount = 0
    openedAt = performance.now()
    const misfits = await types.misfits(batch.map(({ outcome, data }) => ({ entityId: outcome.entityId, data })), context.signal)
    const fitting = batch.map((entry) => refuse(entry, misfits.get(entry.outcome.entityId)))
    const journalBytes = await journal.append(fitting.flatMap(({ data }) => data))
    await context.ask({ journalBytes, outcomes: fitting.map(({ outcome }) => outcome) })
  }
  // One write at a time: the ledger must hear of the journal's bytes in the order in which they were written.
  const flush = (): Promise<void> => (flushing = flushing.then(write))
  return {
    add(entityId, done) {
      const data = done.state === 'succeeded' ? done.result.data : []
      rowCount += data.length
      const failure = done.state === 'failed' ? { error: done.error, errorClass: done.errorClass } : { error: null, errorClass: null }
      entries.push({ data, outcome: { entityId, state: done.state, attempts: done.attempts, rows: data.length, durationMs: done.durationMs, ...failure } })
      // Those that are done do not wait for one that takes long. What this flush throws, the next one throws again, and that one is awaited.
      timer ??= setTimeout(() => void flush().catch(() => undefined), FLUSH_MS)
    },
    isDue: () => entries.length >= FLUSH_ENTITIES || rowCount >= FLUSH_ROWS || performance.now() - openedAt >= FLUSH_MS,
    flush,
    [Symbol.dispose]: stopTimer,
  }
}

function refuse(entry: Entry, misfit: string | undefined): Entry {
  if (misfit === undefined) return entry
  return { data: [], outcome: { ...entry.outcome, state: 'failed', rows: 0, error: `The rows do not fit the columns: ${misfit}`, errorClass: errorClassSchema.enum.bad_data } }
}

async function forEachConcurrently<T>(items: readonly T[], concurrency: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  const lanes = Array.from({ length: Math.max(1, Math.min(concurrency, items.length)) }, async () => {
    for (const item of queue) await work(item)
  })
  await Promise.all(lanes)
}
