import { mkdir } from 'node:fs/promises'
import { ProblemError, toProblem } from '../../../../shared/domain/problem.ts'
import { createRedactor, type Redactor } from '../../secrets/redactor.ts'
import type { FetchInput, FetchNews, FetchOutput } from '../../workers/fetch-wire.ts'
import type { OpContext } from '../../workers/worker-server.ts'
import { fetchHttp } from './fetch-http.ts'

/**
 * Asks a server for what a source declares, and leaves its answers in `dir`. Nothing that it was given as a secret leaves it again: not in a
 * problem, not in an origin, not in what it reports.
 * @throws SOURCE_UNREACHABLE, SOURCE_MISSING, SOURCE_UNREADABLE, CANCELLED
 */
export async function fetchRemote(input: FetchInput, context: OpContext<FetchNews>): Promise<FetchOutput> {
  const redactor = createRedactor()
  for (const value of Object.values(input.secrets)) redactor.learn(value)
  const careful: OpContext<FetchNews> = { ...context, progress: ({ share, note }) => context.progress({ share, note: note === null ? null : redactor.text(note) }) }
  await mkdir(input.dir, { recursive: true })
  try {
    return await fetchBy(input, careful, redactor)
  } catch (error) {
    context.signal.throwIfAborted()
    throw ProblemError.from(redactor.problem(toProblem(error)))
  }
}

/** The drivers are loaded only where a source needs them. */
async function fetchBy(input: FetchInput, context: OpContext<FetchNews>, redactor: Redactor): Promise<FetchOutput> {
  const { remote } = input
  if (remote.kind === 'http') return fetchHttp({ ...input, remote }, context, redactor)
  if (remote.kind === 'postgres') return (await import('./fetch-postgres.ts')).fetchPostgres({ ...input, remote }, context, redactor)
  return (await import('./fetch-mysql.ts')).fetchMysql({ ...input, remote }, context, redactor)
}
