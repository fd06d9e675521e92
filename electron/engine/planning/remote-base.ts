import { createHash } from 'node:crypto'
import type { ParameterValues } from '../../../shared/domain/run-parameters.ts'
import type { CursorsReader } from '../ledger/cursors.store.ts'
import type { VersionRow, VersionsReader } from '../ledger/versions.store.ts'
import type { ExtractStep } from '../workspace/model.ts'
import { parametersOf, type RemoteSpec } from '../workspace/remote-model.ts'

/** Where an extraction over the network goes on from. */
export interface RemoteBase {
  /** Its deliveries stay in the new version; null: it begins anew. */
  carried: VersionRow | null
  cursor: string | null
  /** What the source asks for, as a hash. */
  asked: string
  /** It begins anew although it was read before. */
  beginsAnew: boolean
}

export interface RemoteQuestion {
  versions: Pick<VersionsReader, 'current'>
  cursors: CursorsReader
  parameters: ParameterValues
  isForced: boolean
}

/**
 * The version that readers see, and the cursor that belongs to it: what was made and never published has not been delivered. A forced run
 * and a source that asks for something else begin anew.
 */
export function remoteBase({ dataset, source }: ExtractStep & { source: { remote: RemoteSpec } }, { versions, cursors, parameters, isForced }: RemoteQuestion): RemoteBase {
  const { remote, incremental } = source
  const asked = hashAsked(remote, parameters)
  if (incremental === undefined) return { carried: null, cursor: null, asked, beginsAnew: false }
  const cursor = cursors.find(dataset)
  const isOther = cursor !== null && (cursor.column !== incremental.column || (cursor.asked !== null && cursor.asked !== asked))
  if (cursor === null || isOther || isForced) return { carried: null, cursor: incremental.initial, asked, beginsAnew: cursor !== null }
  const current = versions.current(dataset)
  return { carried: current?.cursor === null ? null : current, cursor: cursor.value ?? incremental.initial, asked, beginsAnew: false }
}

/** What decides which records come; not how patiently, or by whom, they are asked for. */
export function askedOf(remote: RemoteSpec): unknown {
  if (remote.kind === 'http') {
    const { kind, url, method, headers, query, body } = remote
    return { kind, url, method, headers, query, body }
  }
  const { kind, query, connection } = remote
  return { kind, query, server: 'secret' in connection ? connection.secret : [connection.host, connection.port, connection.database] }
}

function hashAsked(remote: RemoteSpec, parameters: ParameterValues): string {
  const used = parametersOf(remote).map((name) => [name, parameters[name] ?? null])
  return createHash('sha256').update(JSON.stringify([askedOf(remote), used])).digest('hex').slice(0, 16)
}
