import { randomUUID } from 'node:crypto'
import { extname, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Export, type ExportFormat, exportFormatSchema } from '../../shared/contract/exports.contract.ts'
import { ProblemError } from '../../shared/domain/problem.ts'
import type { Cli } from './cli-session.ts'
import type { StrataClient } from './client.ts'
import { formatShare } from './terminal/figures.ts'
import { createLiveBlock } from './terminal/live-block.ts'

const POLL_MS = 100

export interface ExportFile {
  /** Absolute. */
  path: string
  format: ExportFormat
}

/** A file by its ending; null for anything else. */
export function exportFileOf(text: string): ExportFile | null {
  const format = exportFormatSchema.safeParse(extname(text).slice(1).toLowerCase())
  return format.success ? { path: resolve(text), format: format.data } : null
}

type ExportRequest = Omit<Parameters<StrataClient['exports']['start']>[0], 'commandId'> & { path: string }

/** Starts an export and shows how far it is until it has ended. Ctrl+C cancels it. */
export async function followExport({ cli, client, json }: { cli: Cli; client: StrataClient; json: boolean }, request: ExportRequest): Promise<Export> {
  let state = await client.exports.start({ commandId: randomUUID(), ...request })
  const { id } = state
  const block = cli.out.isLive && !json ? createLiveBlock(cli.out) : null
  try {
    while (state.state === 'running') {
      block?.draw([`▸ writing ${request.dataset}  ${formatShare(state.share)}`])
      await wait(POLL_MS)
      state = cli.signal.aborted ? await client.exports.cancel({ id }) : await client.exports.get({ id })
    }
  } finally {
    block?.end()
  }
  if (state.state === 'cancelled') throw new ProblemError('CANCELLED', `Cancelled: ${request.path} was not written`)
  if (state.problem !== null) throw ProblemError.from(state.problem)
  return state
}
