import { ProblemError } from '../../../../shared/domain/problem.ts'

/** What a driver or a server says, as a problem with the class that decides on trying again. */
export function databaseProblem(error: unknown, { host, port }: { host: string; port: number }): unknown {
  if (error instanceof ProblemError || !(error instanceof Error)) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const where = `${host}:${port}`
  const details = { host: where, ...(code === '' ? {} : { code }) }
  if (REFUSED.test(code)) return new ProblemError('SOURCE_UNREADABLE', `${where} does not let in: ${error.message}`, { cause: error, details, hint: 'Look at user, database and password of the connection' })
  if (AWAY.test(code) || /timeout|terminated|closed|lost/i.test(error.message)) {
    return new ProblemError('SOURCE_UNREACHABLE', `${where} cannot be reached: ${error.message}`, { cause: error, retryable: true, details: { ...details, errorClass: 'network' }, hint: 'Look at the address and whether the server is up; nothing was taken over' })
  }
  return new ProblemError('SOURCE_UNREADABLE', `${where} refuses the query: ${error.message}`, { cause: error, details: { ...details, errorClass: 'bad_code' }, hint: 'Try the query with the same user in another program' })
}

/** SQLSTATE classes of PostgreSQL, names of MySQL, and what a certificate may be. */
const REFUSED = /^(28...|3D000|ER_ACCESS_DENIED_ERROR|ER_DBACCESS_DENIED_ERROR|ER_BAD_DB_ERROR|.*CERT.*|.*SELF_SIGNED.*)$/
const AWAY = /^(08...|53...|57P..|E[A-Z]+|PROTOCOL_.*|ER_CON_COUNT_ERROR|ER_SERVER_SHUTDOWN)$/

/** A column that occurs twice cannot be kept in an object; one that is to be the cursor has to be there. */
export function checkColumns(names: readonly string[], cursorColumn: string | null): void {
  const twice = names.find((name, index) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) !== index)
  if (twice !== undefined) throw new ProblemError('SOURCE_UNREADABLE', `The query gives the column ${twice} twice`, { details: { column: twice, errorClass: 'bad_code' }, hint: 'Name its columns with AS' })
  if (cursorColumn !== null && !names.includes(cursorColumn)) {
    throw new ProblemError('SOURCE_UNREADABLE', `The query gives no column ${cursorColumn}, by which it is read incrementally`, { details: { column: cursorColumn, errorClass: 'bad_code' }, hint: `Set incremental.column to one of ${names.join(', ')}` })
  }
}
