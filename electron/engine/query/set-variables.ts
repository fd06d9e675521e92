import { quoteIdentifier, quoteLiteral } from '../../../shared/domain/naming.ts'
import type { ParameterType } from '../../../shared/domain/run-parameters.ts'
import type { SqlVariable } from '../workers/wire.ts'
import type { Duck } from './duckdb.ts'

const SQL_TYPES: Readonly<Record<ParameterType, string>> = { text: 'VARCHAR', number: 'DOUBLE', boolean: 'BOOLEAN', date: 'DATE' }

/** Makes parameters readable as getvariable('name'). A whole number is a BIGINT, so that it can be counted with; without a value the type is all there is. */
export async function setVariables(duck: Duck, variables: readonly SqlVariable[]): Promise<void> {
  for (const { name, type, value } of variables) {
    const sqlType = type === 'number' && Number.isSafeInteger(value) ? 'BIGINT' : SQL_TYPES[type]
    const literal = value === null ? 'NULL' : quoteLiteral(String(value))
    await duck.run(`SET VARIABLE ${quoteIdentifier(name)} = CAST(${literal} AS ${sqlType})`)
  }
}
