import { ProblemError } from '../../../shared/domain/problem.ts'

interface Place {
  /** Name of the delivered file. */
  file: string
  line?: number | null
  hint?: string
  cause?: unknown
}

/** A delivered file that cannot be read: which one, where, why. */
export function unreadable(reason: string, { file, line = null, hint, cause }: Place): ProblemError {
  const where = line === null ? file : `${file}, line ${line}`
  return new ProblemError('SOURCE_UNREADABLE', `${where}: ${reason}`, {
    details: { file, ...(line === null ? {} : { line }) },
    hint: hint ?? null,
    ...(cause === undefined ? {} : { cause }),
  })
}

/** A file that ends in the middle of something. */
export function truncated(what: string, place: Place): ProblemError {
  return unreadable(`truncated input: ${what}`, { hint: 'The file looks cut off. Deliver it again, whole', ...place })
}
