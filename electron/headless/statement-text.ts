import { text as readStream } from 'node:stream/consumers'
import { ProblemError } from '../../shared/domain/problem.ts'

/** The SQL that a command was given; without one, or with `-`, what comes on standard input. */
export async function statementText(statement: string | undefined): Promise<string> {
  if (statement !== undefined && statement !== '-') return statement
  const read = process.stdin.isTTY ? '' : await readStream(process.stdin)
  if (read.trim() === '') throw new ProblemError('BAD_INPUT', 'There is no statement', { hint: 'Write it in quotes, or read it from a file: strata sql < file.sql' })
  return read
}
